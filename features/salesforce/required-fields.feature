Feature: Required fields and values that do not fit
  The org refuses a record with the code, the message and the fields that Salesforce uses.

  Scenario Outline: A <object> without its required fields
    When creating a <object> in the org is refused with "REQUIRED_FIELD_MISSING":
      | <field> |
      | <value> |
    Then the refusal names the fields "<missing>"
    And the refusal says "Required fields are missing: [<missing>]"

    Examples:
      | object  | field     | value  | missing           |
      | Lead    | FirstName | Grace  | LastName, Company |
      | Lead    | LastName  | Hopper | Company           |
      | Contact | FirstName | Grace  | LastName          |

  Scenario: A text that is too long
    When creating a Lead in the org is refused with "STRING_TOO_LONG":
      | LastName | Company | Title                                                                                                                             |
      | Hopper   | Navy    | 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 |
    Then the refusal names the fields "Title"

  Scenario: An email address that is none
    When creating a Lead in the org is refused with "INVALID_EMAIL_ADDRESS":
      | LastName | Company | Email      |
      | Hopper   | Navy    | not-a-mail |
    Then the refusal names the fields "Email"

  Scenario: A field that does not exist
    When creating a Lead in the org is refused with "INVALID_FIELD":
      | LastName | Company | Colour |
      | Hopper   | Navy    | blue   |
    Then the org has 0 Leads

  Scenario: A picklist takes a value that is not in its list, unless it is restricted
    When a Lead is created in the org:
      | LastName | Company | Industry  |
      | Hopper   | Navy    | Seafaring |
    Then the Lead "Hopper" has:
      | Industry | Seafaring |

  Scenario: A date that is none
    When creating an Opportunity in the org is refused with "JSON_PARSER_ERROR":
      | Name | StageName   | CloseDate |
      | Deal | Prospecting | tomorrow  |
    Then the org has 0 Opportunities
