//! Whether a request says what its types can say: how many arguments there are, what stands in a header, which words a flag takes. What
//! the arguments themselves are called does not matter (`arguments.rs`), and sObjects have checks of their own.

use mock_sfdc_org::error::Error;

use super::{
    envelope::{Element, Request},
    wsdl::model::{self, Member, Occurs, Type},
};

const FLAGS: [&str; 4] = ["true", "false", "1", "0"];

/// The arguments of an operation, as far as its WSDL is known.
pub fn arguments(request: &Request) -> Result<(), Error> {
    let signature = model::operations().iter().find(|known| known.name == request.call.name);
    let Some(signature) = signature else { return Ok(()) };
    let children = &request.call.children;
    let repeats = |member: &Member| matches!(member.occurs, Occurs::Any | Occurs::AtLeastOnce);
    let repeated = signature.parameters.iter().find(|member| repeats(member));
    if let (None, Some(surplus)) = (repeated, children.get(signature.parameters.len())) {
        return Err(Error::misplaced_element(&request.namespace, &surplus.name));
    }
    for child in children {
        let named = signature.parameters.iter().find(|member| member.name == child.name);
        if let Some(member) = named.or(repeated) {
            flags(member, child)?;
        }
    }
    Ok(())
}

/// A header that an operation has.
pub fn header(request: &Request, header: &Element) -> Result<(), Error> {
    let Some(kind) = model::find(&header.name) else { return Ok(()) };
    known_members(request, kind, header)?;
    flags_of(kind, header)
}

/// Nothing but what the type has.
pub fn known_members(request: &Request, kind: &Type, element: &Element) -> Result<(), Error> {
    match element.children.iter().find(|child| member(kind, &child.name).is_none()) {
        Some(child) => Err(Error::misplaced_element(&request.namespace, &child.name)),
        None => Ok(()),
    }
}

fn member(kind: &Type, name: &str) -> Option<&'static Member> {
    let kind = model::find(kind.name)?;
    let own = kind.members.iter().find(|member| member.name == name);
    own.or_else(|| member(model::find(kind.base?)?, name))
}

fn flags(known: &Member, element: &Element) -> Result<(), Error> {
    if known.kind == "boolean" {
        let text = element.text.trim();
        let good = element.nil || text.is_empty() || FLAGS.contains(&text);
        return if good { Ok(()) } else { Err(Error::soap_value_invalid(text, "boolean")) };
    }
    let own = element.kind.as_deref().and_then(model::find);
    own.or_else(|| model::find(known.kind)).map_or(Ok(()), |kind| flags_of(kind, element))
}

fn flags_of(kind: &Type, element: &Element) -> Result<(), Error> {
    for child in &element.children {
        if let Some(known) = member(kind, &child.name) {
            flags(known, child)?;
        }
    }
    Ok(())
}
