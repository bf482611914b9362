Feature: Standard fields
  Some fields always travel with a referral, whatever else is set up.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"

  @RR-09
  Scenario Outline: They arrive on a new <object>
    Given referral add for "Champions" is set up:
      | Add referrals as | <object> |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the <object> "Grace Hopper" has:
      | FirstName                     | Grace                                      |
      | LastName                      | Hopper                                     |
      | Email                         | grace@example.com                          |
      | Referral_Rock_Source__c       | Referral Rock                              |
      | Referral_Rock_Referral_Id__c  | referral "grace@example.com"               |
      | Referral_Rock_Source_Note__c  | contains "Ada Lovelace"                    |
      | Referral_Rock_Member_Url__c   | contains member "ada.lovelace@example.com" |
      | Referral_Rock_Referral_Url__c | contains referral "grace@example.com"      |

    Examples:
      | object  |
      | Lead    |
      | Contact |

  @RR-09
  Scenario Outline: The company arrives on a new <object> as <field>
    Given referral add for "Champions" is set up:
      | Add referrals as | <object> |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the <object> "Grace Hopper" has:
      | <field> | Navy Labs |

    Examples:
      | object  | field                    |
      | Lead    | Company                  |
      | Contact | Referral_Rock_Company__c |

  @RR-09
  Scenario: A referral without a company still becomes a Lead
    Given referral add for "Champions" is set up:
      | Add referrals as | Lead |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             |
      | Grace      | Hopper    | grace@example.com |
    Then the org has 1 Lead where Email is "grace@example.com"
