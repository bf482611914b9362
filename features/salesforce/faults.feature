Feature: Faults on purpose
  A test makes the org fail once, in Salesforce's own words.

  Scenario Outline: The next create fails with <code>
    Given the next create of a Lead fails with "<code>"
    When creating a Lead in the org is refused with "<code>":
      | LastName | Company |
      | Hopper   | Navy    |
    And a Lead is created in the org:
      | LastName | Company |
      | Clarke   | Hut 8   |
    Then the org has 1 Lead

    Examples:
      | code                   |
      | UNABLE_TO_LOCK_ROW     |
      | REQUEST_LIMIT_EXCEEDED |

  Scenario: The answer is lost after the record was saved
    Given the answer to the next create of a Lead is lost
    When creating a Lead in the org gets no answer:
      | LastName | Company |
      | Hopper   | Navy    |
    Then the org has 1 Lead where LastName is "Hopper"

  Scenario: The request is lost before anything was saved
    Given the next create of a Lead is lost
    When creating a Lead in the org gets no answer:
      | LastName | Company |
      | Hopper   | Navy    |
    Then the org has 0 Leads
