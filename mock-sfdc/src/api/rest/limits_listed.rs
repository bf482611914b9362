//! The limits that `/limits` lists of every org, with what an edition allows. Nothing here uses them up; those that the org
//! counts, it lists itself. Names as recorded in 2026; figures partly from memory, of editions beside Developer by
//! Salesforce's public tables as far as those have them (`docs/FIDELITY.md`).

use mock_sfdc_org::settings::Edition;

/// Name, Developer Edition, Enterprise Edition and above.
const LISTED: [(&str, u64, u64); 53] = [
    ("ActiveScratchOrgs", 3, 40),
    ("AnalyticsExternalDataSizeMB", 40_960, 40_960),
    ("ConcurrentAsyncGetReportInstances", 200, 200),
    ("ConcurrentEinsteinDataInsightsStoryCreation", 5, 5),
    ("ConcurrentEinsteinDiscoveryStoryCreation", 2, 2),
    ("ConcurrentSyncReportRuns", 20, 20),
    ("DailyAnalyticsDataflowJobExecutions", 60, 60),
    ("DailyAnalyticsUploadedFilesSizeMB", 51_200, 51_200),
    ("DailyApiRequests", 15_000, 100_000),
    ("DailyAsyncApexExecutions", 250_000, 250_000),
    ("DailyAsyncApexTests", 500, 500),
    ("DailyBulkApiBatches", 15_000, 15_000),
    ("DailyBulkV2QueryFileStorageMB", 976_562, 976_562),
    ("DailyBulkV2QueryJobs", 10_000, 10_000),
    ("DailyDeliveredPlatformEvents", 10_000, 25_000),
    ("DailyDurableGenericStreamingApiEvents", 10_000, 200_000),
    ("DailyDurableStreamingApiEvents", 10_000, 200_000),
    ("DailyEinsteinDataInsightsStoryCreation", 1_000, 1_000),
    ("DailyEinsteinDiscoveryOptimizationJobRuns", 0, 0),
    ("DailyEinsteinDiscoveryPredictAPICalls", 50_000, 50_000),
    ("DailyEinsteinDiscoveryPredictionsByCDC", 500_000, 500_000),
    ("DailyEinsteinDiscoveryStoryCreation", 100, 100),
    ("DailyFunctionsApiCallLimit", 235_000, 235_000),
    ("DailyGenericStreamingApiEvents", 10_000, 200_000),
    ("DailyScratchOrgs", 6, 80),
    ("DailyStandardVolumePlatformEvents", 10_000, 25_000),
    ("DailyStreamingApiEvents", 10_000, 200_000),
    ("DailyWorkflowEmails", 100, 1_000),
    ("DataStorageMB", 5, 10_240),
    ("DurableStreamingApiConcurrentClients", 20, 1_000),
    ("FileStorageMB", 20, 10_240),
    ("HourlyAsyncReportRuns", 1_200, 1_200),
    ("HourlyDashboardRefreshes", 200, 200),
    ("HourlyDashboardResults", 5_000, 5_000),
    ("HourlyDashboardStatuses", 999_999_999, 999_999_999),
    ("HourlyLongTermIdMapping", 100_000, 100_000),
    ("HourlyManagedContentPublicRequests", 50_000, 50_000),
    ("HourlyODataCallout", 1_000, 20_000),
    ("HourlyPublishedPlatformEvents", 50_000, 250_000),
    ("HourlyPublishedStandardVolumePlatformEvents", 1_000, 100_000),
    ("HourlyShortTermIdMapping", 100_000, 100_000),
    ("HourlySyncReportRuns", 500, 500),
    ("HourlyTimeBasedWorkflow", 50, 500),
    ("MassEmail", 10, 5_000),
    ("MonthlyEinsteinDiscoveryStoryCreation", 500, 500),
    ("MonthlyPlatformEventsUsageEntitlement", 0, 0),
    ("Package2VersionCreates", 6, 6),
    ("Package2VersionCreatesWithoutValidation", 500, 500),
    ("PermissionSets", 1_500, 1_500),
    ("PlatformEventTriggersWithParallelProcessing", 5, 5),
    ("PrivateConnectOutboundCalloutHourlyLimitMB", 0, 0),
    ("SingleEmail", 15, 5_000),
    ("StreamingApiConcurrentClients", 20, 1_000),
];

/// How many permission sets an org may have made itself.
pub const CUSTOM_PERMISSION_SETS: u64 = 1_000;

/// Each limit of the edition, by name.
pub fn of(edition: Edition) -> impl Iterator<Item = (&'static str, u64)> {
    LISTED.iter().map(move |(name, developer, enterprise)| match edition {
        Edition::Developer => (*name, *developer),
        _ => (*name, *enterprise),
    })
}
