//! SOAP: the partner, enterprise and metadata APIs.

use crate::api::{not_emulated as refused, soap};

use super::row::operations;

operations! {
    /// One address for all: which operation is meant stands in the body (`api/soap/mod.rs`).
    pub const ROWS: Soap = {
    "soap.wsdl.partner"                       Get  "/services/wsdl/partner"                    Public  now soap::wsdl::partner, ["version"];
    "soap.wsdl.enterprise"                    Get  "/services/wsdl/enterprise"                 Public  now soap::wsdl::enterprise, ["version"];
    "soap"                                    Any  "/services/Soap/{*rest}"                    Public  now soap::unknown, ["*"];
    "soap.unknown"                            Any  "/services/Soap/{api}/{apiversion}/{*rest}" Public  now soap::unknown, ["*"];
    "soap.login"                              Post "/services/Soap/{api}/{apiversion}/{*rest}" Public  now soap::login::login, ["*"];
    "soap.logout"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::session::logout, ["*"];
    "soap.getUserInfo"                        Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::session::get_user_info, ["*"];
    "soap.getServerTimestamp"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::session::get_server_timestamp, ["*"];
    "soap.setPassword"                        Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::password::set, ["*"];
    "soap.changeOwnPassword"                  Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::password::change_own, ["*"];
    "soap.resetPassword"                      Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::password::reset, ["*"];
    "soap.query"                              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::query::query, ["*"];
    "soap.queryAll"                           Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::query::query_all, ["*"];
    "soap.queryMore"                          Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::query::query_more, ["*"];
    "soap.search"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::search::search, ["*"];
    "soap.retrieve"                           Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::retrieve::retrieve, ["*"];
    "soap.create"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::save::create, ["*"];
    "soap.update"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::save::update, ["*"];
    "soap.upsert"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::save::upsert, ["*"];
    "soap.delete"                             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::records::delete, ["*"];
    "soap.undelete"                           Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::records::undelete, ["*"];
    "soap.emptyRecycleBin"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::records::empty_recycle_bin, ["*"];
    "soap.merge"                              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::merge::merge, ["*"];
    "soap.convertLead"                        Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::convert_lead::convert_lead, ["*"];
    "soap.describeGlobal"                     Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::describe::global, ["*"];
    "soap.describeSObject"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::describe::one, ["*"];
    "soap.describeSObjects"                   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::describe::several, ["*"];
    "soap.sendEmail"                          Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::email::send_email, ["*"];
    "soap.sendEmailMessage"                   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.getUpdated"                         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::replication::get_updated, ["*"];
    "soap.getDeleted"                         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::replication::get_deleted, ["*"];
    "soap.invalidateSessions"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::session::invalidate_sessions, ["*"];
    "soap.describeTabs"                       Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::appearance::tabs, ["*"];
    "soap.describeAllTabs"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::appearance::all_tabs, ["*"];
    "soap.describeLayout"                     Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::layout, ["*"];
    "soap.describeCompactLayouts"             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::compact, ["*"];
    "soap.describePrimaryCompactLayouts"      Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::primary_compact, ["*"];
    "soap.describeApprovalLayout"             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::approval, ["*"];
    "soap.describeSearchLayouts"              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::search, ["*"];
    "soap.describeSearchableEntities"         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::searchable, ["*"];
    "soap.describeSearchScopeOrder"           Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::layout::scope_order, ["*"];
    "soap.describeSoftphoneLayout"            Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describePathAssistants"             Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeTheme"                      Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::appearance::theme, ["*"];
    "soap.describeGlobalTheme"                Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::appearance::global_theme, ["*"];
    "soap.describeSoqlListViews"              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::list_views::several, ["*"];
    "soap.describeSObjectListViews"           Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::list_views::of_object, ["*"];
    "soap.executeListView"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::list_views::execute, ["*"];
    "soap.describeQuickActions"               Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::quick_actions::describe, ["*"];
    "soap.describeQuickActionsForRecordType"  Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeAvailableQuickActions"      Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::quick_actions::available, ["*"];
    "soap.performQuickActions"                Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::quick_actions::perform, ["*"];
    "soap.retrieveQuickActionTemplates"       Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.retrieveMassQuickActionTemplates"   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeAppMenu"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::appearance::app_menu, ["*"];
    "soap.describeVisualForce"                Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeKnowledgeSettings"          Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeDataCategoryGroups"         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "metadata.describeMetadata"               Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::describe, ["*"];
    "metadata.listMetadata"                   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::list, ["*"];
    "metadata.readMetadata"                   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::component::read, ["*"];
    "metadata.createMetadata"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::component::create, ["*"];
    "metadata.updateMetadata"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::component::update, ["*"];
    "metadata.upsertMetadata"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::component::upsert, ["*"];
    "metadata.deleteMetadata"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::component::delete, ["*"];
    "metadata.renameMetadata"                 Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "metadata.describeValueType"              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "metadata.deploy"                         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::deploy::deploy, ["*"];
    "metadata.deployRecentValidation"         Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::deploy::recent_validation, ["*"];
    "metadata.checkDeployStatus"              Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::deploy::check, ["*"];
    "metadata.cancelDeploy"                   Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::deploy::cancel, ["*"];
    "metadata.retrieve"                       Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::retrieve::retrieve, ["*"];
    "metadata.checkRetrieveStatus"            Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::retrieve::check, ["*"];
    "metadata.checkStatus"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::metadata::retrieve::check_status, ["*"];
    "soap.describeDataCategoryGroupStructures" Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeDataCategoryMappings"       Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.describeNouns"                      Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.process"                            Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now soap::process::process, ["*"];
    "soap.deleteByExample"                    Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.findDuplicates"                     Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.findDuplicatesByIds"                Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.renderEmailTemplate"                Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    "soap.renderStoredEmailTemplate"          Post "/services/Soap/{api}/{apiversion}/{*rest}" Session now refused, ["*"];
    }
}
