Feature: Sales Entries
  Everything that arrives is kept. A person can correct an entry and retry it, without a new event in the org.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with these members:
      | First name | Last name | Email           | Referral code |
      | Ada        | Lovelace  | ada@example.com | ADA7          |
    And referral update is set up
    And members are matched by:
      | Member field  | Object | Field                    |
      | Referral code | Lead   | Referring_Member_Code__c |

  @RR-26
  Scenario: An entry with a wrong referral code is corrected and retried
    When a Lead is created in the org:
      | FirstName | LastName | Email             | Company   | Referring_Member_Code__c |
      | Grace     | Hopper   | grace@example.com | Navy Labs | ADA8                     |
    Then the latest Sales Entry has:
      | State | Review |
    And there are 0 referrals
    When the latest Sales Entry is corrected and retried:
      | Lead.Referring_Member_Code__c | ADA7 |
    Then the latest Sales Entry has:
      | State | Processed |
    And there is 1 Sales Entry
    And the referral "grace@example.com" has:
      | Member | Ada Lovelace |

  @RR-26
  Scenario: Retrying what was not corrected leaves the entry in Review
    When a Lead is created in the org:
      | FirstName | LastName | Email             | Company   | Referring_Member_Code__c |
      | Grace     | Hopper   | grace@example.com | Navy Labs | ADA8                     |
    And the latest Sales Entry is retried
    Then the latest Sales Entry has:
      | State | Review |
    And there are 0 referrals

  @RR-26
  Scenario: Processed entries are kept too
    When a Lead is created in the org:
      | FirstName | LastName | Email             | Company   | Referring_Member_Code__c |
      | Grace     | Hopper   | grace@example.com | Navy Labs | ADA7                     |
      | Joan      | Clarke   | joan@example.com  | Hut 8     | ADA8                     |
    Then there are 2 Sales Entries
    And there is 1 Sales Entry in the state "Processed"
    And there is 1 Sales Entry in the state "Review"
