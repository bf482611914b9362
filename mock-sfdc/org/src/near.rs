//! Handles whose references are counted apart from each other. Every request takes a handle of its org and gives it back; with one
//! count for all of them, cores would hand it to each other twice a request.

use std::{ops::Deref, sync::Arc};

/// A handle of something shared. Clones of it have one count, which others that were made by [`Near::new`] do not touch.
#[derive(Debug)]
pub struct Near<T>(Arc<Own<T>>);

/// It fills cache lines of its own.
#[derive(Debug)]
#[repr(align(128))]
struct Own<T>(Arc<T>);

impl<T> Near<T> {
    #[must_use]
    pub fn new(shared: Arc<T>) -> Self {
        Self(Arc::new(Own(shared)))
    }

    /// What is shared, to be kept beyond a request.
    #[must_use]
    pub fn shared(&self) -> &Arc<T> {
        &self.0.0
    }
}

impl<T> Clone for Near<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Near<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.shared()
    }
}
