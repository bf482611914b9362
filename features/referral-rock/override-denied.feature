Feature: Override denied referrals
  A toggle decides whether an event in the org may move a denied referral to another status.

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
    And these process rules:
      | Review denied referrals | no |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    And the referral "grace@example.com" is set to Denied
    And an Opportunity in the org:
      | Name         | StageName   | CloseDate  | Referral_Rock_Referral_Id__c |
      | Acme renewal | Prospecting | 2026-12-31 | referral "grace@example.com" |

  @RR-15
  Scenario Outline: With the toggle <toggle>
    Given overriding denied referrals is <toggle>
    When the Opportunity "Acme renewal" is changed in the org:
      | StageName | Closed Won |
    Then the referral "grace@example.com" is <status>

    Examples:
      | toggle | status   |
      | on     | Approved |
      | off    | Denied   |
