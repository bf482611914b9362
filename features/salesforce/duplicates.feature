Feature: Unique fields
  Two records cannot share the value of a unique field. The invoices of these scenarios come from
  fixtures/packages/demo.json: their Number is unique.

  Background:
    Given an Account in the org:
      | Name |
      | Acme |
    And an Invoice__c in the org:
      | Account__c     | Number__c | Amount__c |
      | Account "Acme" | N-1       | 100       |

  Scenario: The second record is refused and names the first
    When creating an Invoice__c in the org is refused with "DUPLICATE_VALUE":
      | Account__c     | Number__c | Amount__c |
      | Account "Acme" | N-1       | 200       |
    Then the refusal says "duplicate value found: Number__c duplicates value on record with id: "
    And the org has 1 Invoice__c

  Scenario: Case does not make a difference
    When creating an Invoice__c in the org is refused with "DUPLICATE_VALUE":
      | Account__c     | Number__c |
      | Account "Acme" | n-1       |
    Then the org has 1 Invoice__c

  Scenario: A record may keep its own value
    When the Invoice__c "INV-0001" is changed in the org:
      | Number__c | N-1 |
      | Amount__c | 300 |
    Then the Invoice__c "INV-0001" has:
      | Number__c | N-1 |
      | Amount__c | 300 |

  Scenario: Records without a value do not collide
    When an Invoice__c is created in the org:
      | Account__c     | Amount__c |
      | Account "Acme" | 400       |
      | Account "Acme" | 500       |
    Then the org has 3 Invoice__c
