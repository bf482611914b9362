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

  @RR-02
  Scenario Outline: A user with the <licence> licence connects
    Given user "admin" has the licence "<licence>"
    When an administrator connects Referral Rock to the org
    Then Referral Rock is connected

    Examples:
      | licence             |
      | Salesforce          |
      | Salesforce Platform |

  @RR-03
  Scenario: A sandbox connects, and setting up referral add on it is refused
    Given the org is a sandbox
    And the program "Champions" with the member "Ada Lovelace"
    When an administrator connects Referral Rock to the org
    Then Referral Rock is connected
    When setting up referral add for "Champions" is refused with "sandbox":
      | Add referrals as | Lead |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the org has 0 Leads

  @RR-03
  Scenario: A sandbox is refused while a program adds referrals
    Given the program "Champions" with the member "Ada Lovelace"
    And referral add for "Champions" is set up:
      | Add referrals as | Lead |
    And the org is a sandbox
    When an administrator connects Referral Rock to the org
    Then the connection is refused with "Champions"
    And Referral Rock is not connected

  @RR-03
  Scenario: Updates of a sandbox move referrals
    Given the org is a sandbox
    And Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral update is set up
    And these status change events:
      | Status    | Object | Field  | Value               |
      | Qualified | Lead   | Status | Working - Contacted |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    When a Lead is created in the org:
      | LastName | Company   | Email             | Status              |
      | Hopper   | Navy Labs | grace@example.com | Working - Contacted |
    Then the referral "grace@example.com" is Qualified

  @RR-05
  Scenario: An administrator lacks nothing
    When an administrator connects Referral Rock to the org
    Then Referral Rock is connected
    And no permission is missing

  @RR-05
  Scenario Outline: The missing permission <listed> is listed
    Given user "admin" lacks the permission "<permission>"
    When an administrator connects Referral Rock to the org
    Then Referral Rock is connected
    And these permissions are missing:
      | <listed> |
    And the diagnosis finds fault with "User permissions": "<listed>"

    Examples:
      | permission             | listed                               |
      | ApexRestServices       | API REST Services                    |
      | CreateCustomizeFilters | Create and Customize Views           |
      | ViewEventLogFiles      | View Event Log Files                 |
      | ViewDataLeakageEvents  | View Real-Time Event Monitoring Data |

  @RR-05
  Scenario: Without API Enabled nobody connects
    Given user "admin" lacks the permission "ApiEnabled"
    When an administrator connects Referral Rock to the org
    Then the connection is refused with "API"
    And Referral Rock is not connected

  @RR-05
  Scenario Outline: Missing rights over <object> are listed one by one
    Given user "admin" lacks the permission "ModifyAllData"
    And user "admin" lacks the permission "ViewAllData"
    And user "admin" may only read <object>
    When an administrator connects Referral Rock to the org
    Then these permissions are missing:
      | Create on <object>     |
      | Edit on <object>       |
      | View All on <object>   |
      | Modify All on <object> |
    And the diagnosis finds fault with "Permissions on <object>": "Create, Edit, View All, Modify All"

    Examples:
      | object      |
      | Account     |
      | Lead        |
      | Opportunity |
      | Contact     |
      | PushTopic   |

  @RR-05
  Scenario: An object that may not even be read lacks everything
    Given user "admin" lacks the permission "ModifyAllData"
    And user "admin" lacks the permission "ViewAllData"
    And user "admin" has no access to Opportunity
    When an administrator connects Referral Rock to the org
    Then these permissions are missing:
      | Read on Opportunity       |
      | Create on Opportunity     |
      | Edit on Opportunity       |
      | View All on Opportunity   |
      | Modify All on Opportunity |

  @RR-05
  Scenario: What a permission set group gives is not missing
    Given user "admin" lacks the permission "ApexRestServices"
    And user "admin" lacks the permission "ModifyAllData"
    And user "admin" lacks the permission "ViewAllData"
    And user "admin" has no access to Lead
    And user "admin" may only read PushTopic
    And a permission set group gives user "admin" the permission "ApexRestServices"
    And a permission set group gives user "admin" every right over Lead
    When an administrator connects Referral Rock to the org
    Then these permissions are missing:
      | Create on PushTopic     |
      | Edit on PushTopic       |
      | View All on PushTopic   |
      | Modify All on PushTopic |

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
