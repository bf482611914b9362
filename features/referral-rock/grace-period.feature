Feature: Grace period
  A record that came into the org within the past 60 minutes does not deny a referral: another integration may just have
  brought the same person. Exactly 60 minutes still count as within.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral add for "Champions" is set up:
      | Add referrals as               | Lead                   |
      | When the email already matches | Set Referral to Denied |

  @RR-08
  Scenario Outline: A Lead that is <age> old
    Given a Lead in the org:
      | FirstName | LastName | Email             | Company   |
      | Grace     | Hopper   | grace@example.com | Navy Labs |
    When <age> pass
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the referral "grace@example.com" is <status>
    And the org has 1 Lead

    Examples:
      | age                       | status  |
      | 59 minutes and 59 seconds | Pending |
      | 60 minutes                | Pending |
      | 60 minutes and 1 second   | Denied  |

  @RR-08
  Scenario: The age counts from the record's creation, not from its last change
    Given a Lead in the org:
      | FirstName | LastName | Email             | Company   |
      | Grace     | Hopper   | grace@example.com | Navy Labs |
    When 3 hours pass
    And the Lead "Grace Hopper" is changed in the org:
      | Phone | 555-0100 |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the referral "grace@example.com" is Denied
