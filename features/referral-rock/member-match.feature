Feature: Member match
  An event about somebody who is no referral yet adds one, to the member that the chosen fields name.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with these members:
      | First name | Last name | Email            | Referral code |
      | Ada        | Lovelace  | ada@example.com  | ADA7          |
      | Alan       | Turing    | alan@example.com | ALAN1         |
    And referral update is set up
    And members are matched by:
      | Member field  | Object | Field                    |
      | Referral code | Lead   | Referring_Member_Code__c |

  @RR-18
  Scenario: The referral is added to the member whose code the Lead carries
    When a Lead is created in the org:
      | FirstName | LastName | Email             | Company   | Referring_Member_Code__c |
      | Grace     | Hopper   | grace@example.com | Navy Labs | ALAN1                    |
    Then there is 1 referral
    And the referral "grace@example.com" has:
      | Member     | Alan Turing |
      | First name | Grace       |
      | Last name  | Hopper      |
      | Status     | Pending     |

  @RR-18
  Scenario: A code that belongs to nobody adds no referral
    When a Lead is created in the org:
      | FirstName | LastName | Email             | Company   | Referring_Member_Code__c |
      | Grace     | Hopper   | grace@example.com | Navy Labs | NOBODY                   |
    Then there are 0 referrals
    And the latest Sales Entry has:
      | State | Review |
