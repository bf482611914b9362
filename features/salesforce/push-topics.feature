Feature: Push topics
  A subscriber hears of the changes that the topic's query and its NotifyForFields ask for.

  Scenario Outline: NotifyForFields <fields>: a change of <changed>
    Given a push topic in the org:
      | Name            | Hot                                               |
      | Query           | SELECT Id, Company FROM Lead WHERE Rating = 'Hot' |
      | NotifyForFields | <fields>                                          |
    And a Lead in the org:
      | LastName | Company | Rating | Phone |
      | Hopper   | Navy    | Hot    | 1     |
    And a subscriber to "Hot"
    When the Lead "Hopper" is changed in the org:
      | <changed> | <value> |
    Then the subscriber hears <count> events

    Examples: All fields count
      | fields | changed | value | count |
      | All    | Phone   | 2     | 1     |
      | All    | Company | Sea   | 1     |
      | All    | Rating  | Cold  | 0     |

    Examples: Fields of SELECT and WHERE count
      | fields     | changed | value | count |
      | Referenced | Phone   | 2     | 0     |
      | Referenced | Company | Sea   | 1     |

    Examples: Fields of SELECT count
      | fields | changed | value | count |
      | Select | Phone   | 2     | 0     |
      | Select | Company | Sea   | 1     |

    Examples: Fields of WHERE count
      | fields | changed | value | count |
      | Where  | Phone   | 2     | 0     |
      | Where  | Company | Sea   | 0     |

  Scenario Outline: NotifyForFields <fields>: the record comes to fit the query
    Given a push topic in the org:
      | Name            | Hot                                               |
      | Query           | SELECT Id, Company FROM Lead WHERE Rating = 'Hot' |
      | NotifyForFields | <fields>                                          |
    And a Lead in the org:
      | LastName | Company | Rating |
      | Hopper   | Navy    | Cold   |
    And a subscriber to "Hot"
    When the Lead "Hopper" is changed in the org:
      | Rating | Hot |
    Then the subscriber hears <count> events

    Examples:
      | fields     | count |
      | All        | 1     |
      | Referenced | 1     |
      | Select     | 0     |
      | Where      | 1     |

  Scenario: Every kind of change, with what it carries
    Given a push topic in the org:
      | Name            | Leads                        |
      | Query           | SELECT Id, Company FROM Lead |
      | NotifyForFields | All                          |
    And a subscriber to "Leads"
    When a Lead is created in the org:
      | LastName | Company |
      | Hopper   | Navy    |
    And the Lead "Hopper" is changed in the org:
      | Company | Sea |
    And the Lead "Hopper" is deleted in the org
    Then the subscriber hears:
      | type    | Company |
      | created | Navy    |
      | updated | Sea     |
      | deleted |         |

  Scenario: Operations that the topic does not ask for are not told
    Given a push topic in the org:
      | Name                     | Leads                        |
      | Query                    | SELECT Id, Company FROM Lead |
      | NotifyForFields          | All                          |
      | NotifyForOperationCreate | false                        |
    And a subscriber to "Leads"
    When a Lead is created in the org:
      | LastName | Company |
      | Hopper   | Navy    |
    And the Lead "Hopper" is changed in the org:
      | Company | Sea |
    Then the subscriber hears:
      | type    | Company |
      | updated | Sea     |

  Scenario: Replay from an event that was heard before
    Given a push topic in the org:
      | Name            | Leads                        |
      | Query           | SELECT Id, Company FROM Lead |
      | NotifyForFields | All                          |
    And a Lead in the org:
      | LastName | Company |
      | Hopper   | Navy    |
      | Clarke   | Hut 8   |
    And a subscriber to "Leads" from the beginning
    Then the subscriber hears:
      | type    | Company |
      | created | Navy    |
      | created | Hut 8   |

  Scenario: After 24 hours an event is gone
    Given a push topic in the org:
      | Name            | Leads                        |
      | Query           | SELECT Id, Company FROM Lead |
      | NotifyForFields | All                          |
    And a Lead in the org:
      | LastName | Company |
      | Hopper   | Navy    |
    When 24 hours and 1 second pass
    And a subscriber to "Leads" from the beginning
    Then the subscriber hears 0 events

  Scenario Outline: A topic with a mistake is refused: <query>
    When creating a PushTopic in the org is refused with "INVALID_FIELD":
      | Name | Query   | ApiVersion |
      | Bad  | <query> | 60.0       |
    Then the refusal says "<message>"

    Examples:
      | query                             | message                             |
      | SELECT Id FROM Lead LIMIT 1       | 'LIMIT' is not allowed              |
      | SELECT Id FROM Lead ORDER BY Name | 'ORDER BY' clause is not allowed    |
      | SELECT COUNT(Id) FROM Lead        | Aggregate queries are not supported |
      | SELECT Id, Owner.Name FROM Lead   | relationships are not supported     |
