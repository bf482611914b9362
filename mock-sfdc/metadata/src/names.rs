//! Names of a project as the org has them: a project with a namespace writes its own names without it.

/// The namespace of the project, if it has one.
#[derive(Debug, Default, Clone)]
pub struct Names {
    pub namespace: Option<String>,
}

impl Names {
    /// `Region__c` as `acme__Region__c`; standard names and those of other packages stay.
    #[must_use]
    pub fn own(&self, name: &str) -> String {
        let Some(namespace) = &self.namespace else { return name.to_owned() };
        let custom = ["__c", "__r", "__mdt", "__e"].into_iter().find_map(|suffix| name.strip_suffix(suffix));
        match custom {
            Some(stem) if !stem.contains("__") => format!("{namespace}__{name}"),
            _ => name.to_owned(),
        }
    }

    /// Each step of `Invoice__c.Amount__c`.
    #[must_use]
    pub fn own_path(&self, path: &str) -> String {
        path.split('.').map(|step| self.own(step)).collect::<Vec<_>>().join(".")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_names_get_the_namespace() {
        let names = Names { namespace: Some("acme".to_owned()) };
        for (written, meant) in [
            ("Region__c", "acme__Region__c"),
            ("other__Region__c", "other__Region__c"),
            ("Lead", "Lead"),
            ("Rate__mdt", "acme__Rate__mdt"),
        ] {
            assert_eq!(names.own(written), meant);
        }
        assert_eq!(names.own_path("Lead.Region__c"), "Lead.acme__Region__c");
        assert_eq!(Names::default().own("Region__c"), "Region__c");
    }
}
