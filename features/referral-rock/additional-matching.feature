Feature: Additional matching
  Leads are led back to their referrals by fields chosen for that purpose.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral add for "Champions" is set up:
      | Add referrals as | Lead |
    And referral update is set up
    And these status change events:
      | Status    | Object | Field  | Value               |
      | Qualified | Lead   | Status | Working - Contacted |

  @RR-19
  Scenario: A Lead that Referral Rock made leads back by its referral ID
    Given Leads are matched back by:
      | Referral field | Field                        |
      | Referral ID    | Referral_Rock_Referral_Id__c |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    When the Lead "Grace Hopper" is changed in the org:
      | Status | Working - Contacted |
      | Email  | new@example.com     |
    Then the referral "grace@example.com" is Qualified

  @RR-19
  Scenario: A Lead from another form leads back by its external ID
    Given Leads are matched back by:
      | Referral field | Field                        |
      | External ID    | Referral_Rock_External_Id__c |
    And referral add for "Champions" is set up:
      | Add referrals as | Lead |
      | Enabled          | no   |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   | External ID |
      | Grace      | Hopper    | grace@example.com | Navy Labs | CRM-1       |
    And a Lead in the org:
      | LastName | Company   | Email           | Referral_Rock_External_Id__c |
      | Hopper   | Navy Labs | new@example.com | CRM-1                        |
    When the Lead "Hopper" is changed in the org:
      | Status | Working - Contacted |
    Then the referral "grace@example.com" is Qualified
