Feature: Email already matches
  The program decides what happens when the email of a new referral is in the org already.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And a Lead in the org:
      | FirstName | LastName | Email             | Company  | LeadSource |
      | Gracie    | Hopper   | grace@example.com | Old Navy | Web        |
    And 2 hours pass

  @RR-07
  Scenario: Leave the record and link the referral to it
    Given referral add for "Champions" is set up:
      | Add referrals as               | Lead             |
      | When the email already matches | Leave the record |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the org has 1 Lead
    And the Lead "Gracie Hopper" is unchanged
    And the referral "grace@example.com" is Pending
    And the referral "grace@example.com" is linked to the Lead "Gracie Hopper"

  @RR-07
  Scenario: Add the referral information and keep what is there
    Given referral add for "Champions" is set up:
      | Add referrals as               | Lead                         |
      | When the email already matches | Add the referral information |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the org has 1 Lead
    And the Lead "Gracie Hopper" has:
      | Company                      | Old Navy                     |
      | LeadSource                   | Web                          |
      | Referral_Rock_Referral_Id__c | referral "grace@example.com" |
    And the referral "grace@example.com" is linked to the Lead "Gracie Hopper"

  @RR-07
  Scenario: Create another record all the same
    Given referral add for "Champions" is set up:
      | Add referrals as               | Lead                  |
      | When the email already matches | Create another record |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the org has 2 Leads where Email is "grace@example.com"
    And the Lead "Gracie Hopper" is unchanged
    And the referral "grace@example.com" is linked to the Lead "Grace Hopper"

  @RR-07
  Scenario: Set the referral to Denied
    Given referral add for "Champions" is set up:
      | Add referrals as               | Lead                   |
      | When the email already matches | Set Referral to Denied |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the referral "grace@example.com" is Denied
    And the org has 1 Lead
    And the Lead "Gracie Hopper" is unchanged

  @RR-07
  Scenario: A Contact with the email counts as well
    Given a Contact in the org:
      | FirstName | LastName | Email            |
      | Joan      | Clarke   | joan@example.com |
    And 2 hours pass
    And referral add for "Champions" is set up:
      | Add referrals as               | Lead                   |
      | When the email already matches | Set Referral to Denied |
    When "Ada Lovelace" refers:
      | First name | Last name | Email            | Company |
      | Joan       | Clarke    | JOAN@example.com | Hut 8   |
    Then the referral "JOAN@example.com" is Denied
    And the org has 0 Leads where LastName is "Clarke"
