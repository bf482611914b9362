Feature: Custom fields and member details
  What a program sends beside the standard fields, to fields of the org that its set-up names.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with these members:
      | First name | Last name | Email           | Phone    | External ID | Referral code | Tier |
      | Ada        | Lovelace  | ada@example.com | 555-0101 | EXT-7       | ADA7          | Gold |
    And referral add for "Champions" is set up:
      | Add referrals as | Lead |

  @RR-10
  Scenario: Custom referral fields arrive in the chosen fields
    Given these custom referral fields of "Champions" are mapped:
      | Referral field | Salesforce field |
      | Job            | Title            |
      | Remarks        | Description      |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   | Job     | Remarks    | Colour |
      | Grace      | Hopper    | grace@example.com | Navy Labs | Admiral | Likes bugs | blue   |
    Then the Lead "Grace Hopper" has:
      | Title       | Admiral    |
      | Description | Likes bugs |

  @RR-11
  Scenario: Member details arrive in the chosen fields
    Given these member details of "Champions" are mapped:
      | Member detail | Salesforce field                |
      | Name          | Referring_Member_Name__c        |
      | Email         | Referring_Member_Email__c       |
      | External ID   | Referring_Member_External_Id__c |
      | Phone         | Referring_Member_Phone__c       |
      | Referral code | Referring_Member_Code__c        |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the Lead "Grace Hopper" has:
      | Referring_Member_Name__c        | Ada Lovelace    |
      | Referring_Member_Email__c       | ada@example.com |
      | Referring_Member_External_Id__c | EXT-7           |
      | Referring_Member_Phone__c       | 555-0101        |
      | Referring_Member_Code__c        | ADA7            |

  @RR-11
  Scenario: Member details stay where they are unless wanted
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the Lead "Grace Hopper" has:
      | Referring_Member_Email__c | nothing |

  @RR-12
  Scenario: Custom member fields arrive in the chosen fields
    Given these custom member fields of "Champions" are mapped:
      | Member field | Salesforce field |
      | Tier         | Rating           |
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the Lead "Grace Hopper" has:
      | Rating | Gold |
