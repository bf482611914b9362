Feature: Lead assignment rules
  The active rule names the owner of a new Lead: the first entry that fits, a user or a queue.

  Background:
    Given the queue "Inbound" for Leads in the org
    And the active assignment rule "Standard" for Leads in the org:
      | Field   | Operator | Value   | Owner            |
      | Country | equals   | Germany | User "Dora Day"  |
      | Country | equals   | France  | Queue "Inbound"  |
      | Rating  | equals   | Hot     | User "Gus Green" |

  Scenario Outline: The first entry that fits: <country>, <rating>
    When a Lead is created in the org:
      | LastName | Company | Country   | Rating   |
      | Hopper   | Navy    | <country> | <rating> |
    Then the Lead "Hopper" has:
      | Owner.Name | <owner> |

    Examples:
      | country | rating | owner     |
      | Germany | Hot    | Dora Day  |
      | germany | Cold   | Dora Day  |
      | France  | Hot    | Inbound   |
      | Spain   | Hot    | Gus Green |

  Scenario: No entry fits, and no default owner is set
    When a Lead is created in the org:
      | LastName | Company | Country |
      | Hopper   | Navy    | Spain   |
    Then the Lead "Hopper" belongs to the user who created it

  Scenario: Switched off by the header
    When a Lead is created in the org without assignment rules:
      | LastName | Company | Country |
      | Hopper   | Navy    | Germany |
    Then the Lead "Hopper" belongs to the user who created it

  Scenario: Switched on by the header
    When a Lead is created in the org with the active assignment rule:
      | LastName | Company | Country |
      | Hopper   | Navy    | Germany |
    Then the Lead "Hopper" has:
      | Owner.Name | Dora Day |

  Scenario: A rule that is not active, asked for by its ID
    Given the inactive assignment rule "Campaign" for Leads in the org:
      | Field | Operator | Value | Owner            |
      |       |          |       | User "Gus Green" |
    When a Lead is created in the org with the assignment rule "Campaign":
      | LastName | Company | Country |
      | Hopper   | Navy    | Germany |
    Then the Lead "Hopper" has:
      | Owner.Name | Gus Green |

  Scenario: A change of the Lead assigns it again, as REST does unless told otherwise
    Given a Lead in the org:
      | LastName | Company | Country |
      | Hopper   | Navy    | Germany |
    When the Lead "Hopper" is changed in the org:
      | Country | France |
    Then the Lead "Hopper" has:
      | Owner.Name | Inbound |
