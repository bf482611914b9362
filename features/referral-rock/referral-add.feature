Feature: Referral add
  A referral added in Referral Rock appears in the org, as its program is set up.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"

  @RR-06
  Scenario: A referral becomes a Lead
    Given referral add for "Champions" is set up:
      | Add referrals as | Lead |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the org has 1 Lead where Email is "grace@example.com"
    And the Lead "Grace Hopper" has:
      | Company | Navy Labs            |
      | Status  | Open - Not Contacted |
    And the org has 0 Contacts

  @RR-06
  Scenario: A referral becomes a Contact
    Given referral add for "Champions" is set up:
      | Add referrals as | Contact |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the org has 1 Contact where Email is "grace@example.com"
    And the org has 0 Leads

  @RR-06
  Scenario: A program without the set-up sends nothing
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the org has 0 Leads
    And the org has 0 Contacts
    And the referral "grace@example.com" is Pending

  @RR-06
  Scenario: A program whose toggle is off sends nothing
    Given referral add for "Champions" is set up:
      | Add referrals as | Lead |
      | Enabled          | no   |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the org has 0 Leads

  @RR-06
  Scenario: Each program follows its own set-up
    Given the program "Partners" with the member "Alan Turing"
    And referral add for "Champions" is set up:
      | Add referrals as | Lead |
    And referral add for "Partners" is set up:
      | Add referrals as | Contact |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    And "Alan Turing" refers:
      | First name | Last name | Email            | Company |
      | Joan       | Clarke    | joan@example.com | Hut 8   |
    Then the org has 1 Lead where LastName is "Hopper"
    And the org has 1 Contact where LastName is "Clarke"
    And the org has 1 Lead
    And the org has 1 Contact

  @RR-06
  Scenario: The Lead belongs to whom the org's assignment rule names
    Given the queue "Inbound" for Leads in the org
    And the active assignment rule "Standard" for Leads in the org:
      | Field   | Operator | Value | Owner           |
      | Company | equals   | Hut 8 | User "Dora Day" |
      |         |          |       | Queue "Inbound" |
    And referral add for "Champions" is set up:
      | Add referrals as | Lead |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
      | Joan       | Clarke    | joan@example.com  | Hut 8     |
    Then the Lead "Grace Hopper" has:
      | Owner.Name | Inbound |
    And the Lead "Joan Clarke" has:
      | Owner.Name | Dora Day |
