Feature: Connect
  An administrator connects Referral Rock to the org in the browser: the org's login page, then its consent page.

  @RR-01
  Scenario: The administrator logs in, agrees, and the org is connected
    When an administrator connects Referral Rock to the org
    Then Referral Rock is connected
    And the connection details show the org's name and edition

  @RR-01
  Scenario: The administrator does not agree
    When an administrator declines to connect Referral Rock to the org
    Then the connection is refused with "access_denied"
    And Referral Rock is not connected

  @RR-01
  Scenario Outline: Editions with API access connect
    Given the org has the edition "<edition>"
    When an administrator connects Referral Rock to the org
    Then Referral Rock is connected

    Examples:
      | edition             |
      | Enterprise Edition  |
      | Unlimited Edition   |
      | Developer Edition   |
      | Performance Edition |

  @RR-01
  Scenario Outline: Other editions are refused by name
    Given the org has the edition "<edition>", with the API bought for it
    When an administrator connects Referral Rock to the org
    Then the connection is refused with "<edition>"
    And Referral Rock is not connected

    Examples:
      | edition              |
      | Team Edition         |
      | Professional Edition |

  @RR-01
  Scenario: An edition without the API is refused
    Given the org has the edition "Professional Edition"
    When an administrator connects Referral Rock to the org
    Then the connection is refused with "API_DISABLED_FOR_ORG"
    And Referral Rock is not connected

  @RR-02
  Scenario: A user with the Salesforce Integration licence is refused
    Given user "admin" has the licence "Salesforce Integration"
    When an administrator connects Referral Rock to the org
    Then the connection is refused with "Salesforce Integration"
    And Referral Rock is not connected

  @RR-04
  Scenario: An org that is connected to one account is refused to a second
    Given Referral Rock is connected to the org
    When a second Referral Rock account is connected to the org
    Then the connection is refused with "already connected"

  @RR-04
  Scenario: After a disconnect another account may connect
    Given Referral Rock is connected to the org
    When Referral Rock is disconnected from the org
    And a second Referral Rock account is connected to the org
    Then the second account is connected
