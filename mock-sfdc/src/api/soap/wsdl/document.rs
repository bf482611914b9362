//! A WSDL from its head to its service: messages, operations and where they are answered.

use std::fmt::Write as _;

use mock_sfdc_org::schema::Schema;
use quick_xml::escape::escape;

use super::{
    super::Api,
    enterprise,
    model::{self, Signature},
    types,
};

/// The whole document. The enterprise API is given the org's schema.
pub fn document(api: Api, address: &str, version: u16, schema: Option<&Schema>) -> String {
    let mut out = String::with_capacity(1 << 17);
    let (tns, ens, fns) = (api.namespace(), api.sobject_namespace(), api.fault_namespace());
    // Writing to a String cannot fail, here and below.
    let _ = write!(
        out,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions targetNamespace="{tns}" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:fns="{fns}" xmlns:tns="{tns}" xmlns:ens="{ens}">
<types>
"#
    );
    open_schema(&mut out, ens, tns);
    match schema {
        Some(schema) => enterprise::objects(&mut out, schema),
        None => types::partner_record(&mut out),
    }
    out.push_str("</schema>\n");
    open_schema(&mut out, tns, ens);
    types::simple(&mut out);
    types::complex(&mut out, version);
    for operation in model::operations() {
        elements(&mut out, operation);
    }
    out.push_str("</schema>\n");
    open_schema(&mut out, fns, tns);
    types::faults(&mut out);
    out.push_str("</schema>\n</types>\n");
    messages(&mut out);
    port(&mut out);
    binding(&mut out);
    let _ = write!(
        out,
        r#"<service name="SforceService">
<documentation>Sforce SOAP API</documentation>
<port binding="tns:SoapBinding" name="Soap"><soap:address location="{}"/></port>
</service>
</definitions>
"#,
        escape(address)
    );
    out
}

fn open_schema(out: &mut String, target: &str, imported: &str) {
    let _ = write!(
        out,
        r#"<schema elementFormDefault="qualified" xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="{target}">
<import namespace="{imported}"/>
"#
    );
}

/// The elements of a request and of its answer.
fn elements(out: &mut String, operation: &Signature) {
    let name = operation.name;
    let _ = write!(out, r#"<element name="{name}"><complexType><sequence>"#);
    for parameter in &operation.parameters {
        types::element(out, parameter);
    }
    let _ = write!(
        out,
        r#"</sequence></complexType></element>
<element name="{name}Response"><complexType><sequence>"#
    );
    if let Some(result) = &operation.result {
        types::element(out, result);
    }
    out.push_str("</sequence></complexType></element>\n");
}

fn messages(out: &mut String) {
    out.push_str("<message name=\"Header\">\n");
    for header in model::types().iter().filter(|kind| kind.header) {
        let _ = writeln!(out, r#"<part name="{0}" element="tns:{0}"/>"#, header.name);
    }
    out.push_str("</message>\n");
    for (fault, _) in types::FAULTS {
        let _ =
            writeln!(out, r#"<message name="{fault}"><part name="fault" element="fns:{fault}"/></message>"#);
    }
    for Signature { name, .. } in model::operations() {
        let _ = write!(
            out,
            r#"<message name="{name}Request"><part name="parameters" element="tns:{name}"/></message>
<message name="{name}Response"><part name="parameters" element="tns:{name}Response"/></message>
"#
        );
    }
}

fn port(out: &mut String) {
    out.push_str("<portType name=\"Soap\">\n");
    for operation in model::operations() {
        let name = operation.name;
        let _ = write!(
            out,
            r#"<operation name="{name}"><input message="tns:{name}Request"/><output message="tns:{name}Response"/>"#
        );
        for fault in faults_of(operation) {
            let _ = write!(out, r#"<fault message="tns:{fault}" name="{fault}"/>"#);
        }
        out.push_str("</operation>\n");
    }
    out.push_str("</portType>\n");
}

fn binding(out: &mut String) {
    out.push_str(
        "<binding name=\"SoapBinding\" type=\"tns:Soap\">\n<soap:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n",
    );
    for operation in model::operations() {
        let _ = write!(out, r#"<operation name="{}"><soap:operation soapAction=""/><input>"#, operation.name);
        for header in &operation.headers {
            let _ = write!(out, r#"<soap:header use="literal" message="tns:Header" part="{header}"/>"#);
        }
        out.push_str("<soap:body parts=\"parameters\" use=\"literal\"/></input><output>");
        if operation.name != "login" {
            out.push_str(r#"<soap:header use="literal" message="tns:Header" part="LimitInfoHeader"/>"#);
        }
        out.push_str("<soap:body use=\"literal\"/></output>");
        for fault in faults_of(operation) {
            let _ =
                write!(out, r#"<fault name="{fault}"><soap:fault name="{fault}" use="literal"/></fault>"#);
        }
        out.push_str("</operation>\n");
    }
    out.push_str("</binding>\n");
}

/// Which faults an operation declares; any may come.
fn faults_of(operation: &Signature) -> impl Iterator<Item = &'static str> {
    let name = operation.name;
    types::FAULTS.iter().map(|(fault, _)| *fault).filter(move |fault| match *fault {
        "UnexpectedErrorFault" => true,
        "LoginFault" => name == "login",
        "InvalidIdFault" => ["login", "create", "update", "upsert", "merge", "retrieve"].contains(&name),
        "InvalidSObjectFault" => !["login", "logout"].contains(&name) && !name.starts_with("get"),
        "InvalidFieldFault" | "MalformedQueryFault" => {
            ["create", "update", "upsert", "query", "queryAll", "queryMore", "retrieve", "search"]
                .contains(&name)
        }
        "MalformedSearchFault" => name == "search",
        "InvalidQueryLocatorFault" => name.starts_with("query"),
        "InvalidNewPasswordFault" => name.to_lowercase().contains("password"),
        _ => false,
    })
}
