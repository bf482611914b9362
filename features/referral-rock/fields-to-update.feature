Feature: Referral fields to update
  After a status change event, values of the org are written to the referral.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral update is set up
    And referrals are matched directly by:
      | Referral field | Object      | Field                        |
      | Referral ID    | Opportunity | Referral_Rock_Referral_Id__c |
    And these status change events:
      | Status   | Object      | Field     | Value      |
      | Approved | Opportunity | StageName | Closed Won |
    And these fields to update:
      | Referral field | Object      | Field    |
      | Amount         | Opportunity | Amount   |
      | Next step      | Opportunity | NextStep |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    And an Opportunity in the org:
      | Name         | StageName   | CloseDate  | Amount | NextStep | Referral_Rock_Referral_Id__c |
      | Acme renewal | Prospecting | 2026-12-31 | 1200   | Call     | referral "grace@example.com" |

  @RR-16
  Scenario: The values arrive with the status change
    When the Opportunity "Acme renewal" is changed in the org:
      | StageName | Closed Won |
    Then the referral "grace@example.com" is Approved
    And the referral "grace@example.com" has:
      | Amount    | 1200 |
      | Next step | Call |

  @RR-16
  Scenario: Without a status change event nothing is written
    When the Opportunity "Acme renewal" is changed in the org:
      | Amount | 1300 |
    Then the referral "grace@example.com" has:
      | Amount | nothing |
