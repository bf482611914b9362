Feature: Status of a referral
  Every referral begins as Pending. Approved is final. Denied and Pending change freely; Denied becomes Qualified only
  if the referral never was Qualified before.

  Background:
    Given the program "Champions" with the member "Ada Lovelace"
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |

  @RR-32
  Scenario: A new referral is Pending
    Then the referral "grace@example.com" is Pending

  @RR-32
  Scenario Outline: From <from> to <to>
    Given the referral "grace@example.com" is set to <from>
    When the referral "grace@example.com" is set to <to>
    Then the referral "grace@example.com" is <to>

    Examples:
      | from      | to        |
      | Pending   | Qualified |
      | Pending   | Approved  |
      | Pending   | Denied    |
      | Qualified | Approved  |
      | Qualified | Denied    |
      | Denied    | Pending   |
      | Denied    | Qualified |
      | Denied    | Approved  |

  @RR-32
  Scenario Outline: Approved is final: not to <to>
    Given the referral "grace@example.com" is set to Approved
    When setting the referral "grace@example.com" to <to> is refused
    Then the referral "grace@example.com" is Approved

    Examples:
      | to        |
      | Pending   |
      | Qualified |
      | Denied    |

  @RR-32
  Scenario: Denied becomes Qualified only once
    Given the referral "grace@example.com" is set to Qualified
    And the referral "grace@example.com" is set to Denied
    When setting the referral "grace@example.com" to Qualified is refused
    Then the referral "grace@example.com" is Denied
