Feature: No active assignment rule
  Without an active rule a new Lead belongs to the user who created it.

  Scenario: No rule at all
    When a Lead is created in the org:
      | LastName | Company |
      | Hopper   | Navy    |
    Then the Lead "Hopper" belongs to the user who created it

  Scenario: A rule that is not active
    Given the inactive assignment rule "Standard" for Leads in the org:
      | Field | Operator | Value | Owner           |
      |       |          |       | User "Dora Day" |
    When a Lead is created in the org:
      | LastName | Company |
      | Hopper   | Navy    |
    Then the Lead "Hopper" belongs to the user who created it
