Feature: Who may do what
  What a user may not read is not there for that user; what a user may not write is refused, in Salesforce's words.

  Scenario: A field that the user may not read is no column
    Given user "dora" may not read field Lead.Email
    When this query of user "dora" is refused with "INVALID_FIELD":
      """
      SELECT Id, Email FROM Lead
      """
    Then the refusal says "No such column 'Email' on entity 'Lead'"
    When user "dora" creating a Lead is refused with "INVALID_FIELD":
      | LastName | Company | Email             |
      | Hopper   | Navy    | grace@example.com |
    Then the refusal says "No such column 'Email' on sobject of type Lead"
    When user "gus" runs this query:
      """
      SELECT Id, Email FROM Lead
      """
    Then the query returns 0 rows

  Scenario: A field that the user may not edit
    Given user "dora" may not edit field Lead.Email
    When user "dora" creating a Lead is refused with "INVALID_FIELD_FOR_INSERT_UPDATE":
      | LastName | Company | Email             |
      | Hopper   | Navy    | grace@example.com |
    Then the refusal names the fields "Email"

  Scenario: An object that the user has no access to
    Given user "dora" has no access to Opportunity
    When this query of user "dora" is refused with "INVALID_TYPE":
      """
      SELECT Id FROM Opportunity
      """
    Then the refusal says "sObject type 'Opportunity' is not supported"

  Scenario: An object that the user may only read
    Given user "dora" may only read Lead
    When user "dora" creating a Lead is refused with "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY":
      | LastName | Company |
      | Hopper   | Navy    |
    Then the refusal says "entity type cannot be inserted: Lead"
    And the org has 0 Leads
