//! The types that describe gives a field (its `type`), and the SOAP type that goes with each.
//! The list is that of the partner WSDL (v66): 29 values.

use std::fmt;

macro_rules! field_types {
    ($($variant:ident $text:literal $soap:literal,)*) => {
        /// What describe calls `type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FieldType {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl FieldType {
            /// Every type, in the order of the WSDL.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The `soapType` that describe gives unless the field says otherwise.
            #[must_use]
            pub const fn soap_type(self) -> &'static str {
                match self { $(Self::$variant => $soap,)* }
            }

            /// The type with this word on the wire.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

field_types! {
    String "string" "xsd:string",
    Picklist "picklist" "xsd:string",
    Multipicklist "multipicklist" "xsd:string",
    Combobox "combobox" "xsd:string",
    Reference "reference" "tns:ID",
    Base64 "base64" "xsd:base64Binary",
    Boolean "boolean" "xsd:boolean",
    Currency "currency" "xsd:double",
    Textarea "textarea" "xsd:string",
    Int "int" "xsd:int",
    Double "double" "xsd:double",
    Percent "percent" "xsd:double",
    Phone "phone" "xsd:string",
    Id "id" "tns:ID",
    Date "date" "xsd:date",
    Datetime "datetime" "xsd:dateTime",
    Time "time" "xsd:time",
    Url "url" "xsd:string",
    Email "email" "xsd:string",
    EncryptedString "encryptedstring" "xsd:string",
    DataCategoryGroupReference "datacategorygroupreference" "xsd:string",
    Location "location" "urn:location",
    Address "address" "urn:address",
    AnyType "anyType" "xsd:anyType",
    Json "json" "tns:json",
    ComplexValue "complexvalue" "xsd:anyType",
    Long "long" "xsd:long",
    FloatArray "floatarray" "xsd:anyType",
    TextArray "textarray" "xsd:anyType",
}

impl FieldType {
    /// Holds characters: `length` limits it.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(
            self,
            Self::String
                | Self::Textarea
                | Self::Picklist
                | Self::Multipicklist
                | Self::Combobox
                | Self::Phone
                | Self::Email
                | Self::Url
                | Self::EncryptedString
                | Self::DataCategoryGroupReference
        )
    }

    /// Holds a number.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Long | Self::Double | Self::Currency | Self::Percent)
    }

    /// Holds the id of a record: its own or another's.
    #[must_use]
    pub const fn is_id(self) -> bool {
        matches!(self, Self::Id | Self::Reference)
    }

    /// Made of other fields of the same object and never stored by itself.
    #[must_use]
    pub const fn is_compound(self) -> bool {
        matches!(self, Self::Address | Self::Location)
    }

    /// Chosen from a list of values.
    #[must_use]
    pub const fn is_picklist(self) -> bool {
        matches!(self, Self::Picklist | Self::Multipicklist | Self::Combobox)
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for FieldType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_round_trips() {
        assert_eq!(FieldType::ALL.len(), 29);
        for kind in FieldType::ALL {
            assert_eq!(FieldType::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(FieldType::parse("String"), None);
    }
}
