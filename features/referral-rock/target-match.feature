Feature: Referral target match
  A field of the org that holds a referral ID or an external ID leads straight to the referral.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral update is set up
    And these status change events:
      | Status   | Object      | Field     | Value      |
      | Approved | Opportunity | StageName | Closed Won |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   | External ID |
      | Grace      | Hopper    | grace@example.com | Navy Labs | CRM-1       |
      | Joan       | Clarke    | joan@example.com  | Hut 8     | CRM-2       |

  @RR-17
  Scenario: By referral ID
    Given referrals are matched directly by:
      | Referral field | Object      | Field                        |
      | Referral ID    | Opportunity | Referral_Rock_Referral_Id__c |
    And an Opportunity in the org:
      | Name         | StageName   | CloseDate  | Referral_Rock_Referral_Id__c |
      | Acme renewal | Prospecting | 2026-12-31 | referral "joan@example.com"  |
    When the Opportunity "Acme renewal" is changed in the org:
      | StageName | Closed Won |
    Then the referral "joan@example.com" is Approved
    And the referral "grace@example.com" is Pending
    And the latest Sales Entry has:
      | Match | contains Referral_Rock_Referral_Id__c |

  @RR-17
  Scenario: By external ID
    Given referrals are matched directly by:
      | Referral field | Object      | Field                        |
      | External ID    | Opportunity | Referral_Rock_External_Id__c |
    And an Opportunity in the org:
      | Name         | StageName   | CloseDate  | Referral_Rock_External_Id__c |
      | Acme renewal | Prospecting | 2026-12-31 | CRM-1                        |
    When the Opportunity "Acme renewal" is changed in the org:
      | StageName | Closed Won |
    Then the referral "grace@example.com" is Approved
    And the referral "joan@example.com" is Pending
