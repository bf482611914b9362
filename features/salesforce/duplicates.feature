Feature: Unique fields
  Two records cannot share the value of a unique field.

  Scenario: The second record is refused and names the first
    Given a Lead in the org:
      | LastName | Company | Ticket__c |
      | Hopper   | Navy    | T-1       |
    When creating a Lead in the org is refused with "DUPLICATE_VALUE":
      | LastName | Company | Ticket__c |
      | Clarke   | Hut 8   | T-1       |
    Then the refusal says "duplicate value found: Ticket__c duplicates value on record with id: "
    And the org has 1 Lead

  Scenario: A record may keep its own value
    Given a Lead in the org:
      | LastName | Company | Ticket__c |
      | Hopper   | Navy    | T-1       |
    When the Lead "Hopper" is changed in the org:
      | Ticket__c | T-1 |
      | Company   | Sea |
    Then the Lead "Hopper" has:
      | Company | Sea |

  Scenario: Records without a value do not collide
    When a Lead is created in the org:
      | LastName | Company |
      | Hopper   | Navy    |
      | Clarke   | Hut 8   |
    Then the org has 2 Leads
