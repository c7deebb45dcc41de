//! All use cases, wired to one context.

use crate::{
    Context,
    account::{
        Authenticate, PublicKeys, RefreshTokens, Sessions, SignIn, StorefrontTokens,
        oidc::{BeginOidc, ConfirmIdentity, FinishOidc, Identities, OidcProviders, RedeemOidc},
    },
    admin::Admin,
    audit::{AuditLog, ExportAuditLog},
    cart::{
        CartDetails, CartLines, CreateCart, DeliveryAddresses, DiscountCodes, GiftCardCodes, IdentifyBuyer,
        MergeCarts, ReadCart, SelectDelivery, StoreCredit,
    },
    catalog::Catalog,
    checkout::PlaceOrderService,
    customer::{
        ActivateCustomer, Addresses, Archives, ChangePassword, EmailChange, EraseCustomer, ForeseeUpdate,
        MarketingConsent, ReadCustomer, RecoverPassword, RegisterCustomer, ResetPassword, UpdateCustomer,
    },
    doctor::Doctor,
    jobs,
    live::{WatchCart, WatchOrder, WatchStock},
    media::{MediaFiles, UploadMedia},
    order::FindOrder,
    payment::{ApplyPaymentEvent, Reconcile, SyncPayment},
    pricing::ShowPrices,
    staff::{
        self, AcceptInvitation, ApiKeys, ChangeStaffPassword, CreateOwner, InviteStaff, RecoverStaffPassword,
        ResetStaffPassword, Roles, SecondFactor, StaffMembers, StaffSessions, StaffSignIn, StepUp,
        TransferOwnership,
    },
};
use std::sync::Arc;
use stoa_domain::{payment::WebhookRefusal, shared::Timestamp};

/// One value for each use case.
pub struct Services {
    /// Tells who a credential is.
    pub authenticate: Authenticate,
    /// Signs customers in.
    pub sign_in: SignIn,
    /// Gives the next access token.
    pub refresh: RefreshTokens,
    /// Lists and ends sign-ins.
    pub sessions: Sessions,
    /// Renews and ends storefronts' tokens.
    pub storefront_tokens: StorefrontTokens,
    /// Shows the keys that access tokens are checked with.
    pub public_keys: PublicKeys,
    /// Sends people to where they can sign in besides here.
    pub begin_oidc: BeginOidc,
    /// Takes them back.
    pub finish_oidc: FinishOidc,
    /// Gives storefronts of other origins tokens for that.
    pub redeem_oidc: RedeemOidc,
    /// Ties what they have there to accounts that there are.
    pub confirm_identity: ConfirmIdentity,
    /// Shows that to its owner, and takes it away.
    pub identities: Identities,
    /// Registers customers.
    pub register: RegisterCustomer,
    /// Begins their accounts.
    pub activate: ActivateCustomer,
    /// Sends links that set passwords.
    pub recover: RecoverPassword,
    /// Sets passwords by them.
    pub reset: ResetPassword,
    /// Sets passwords of who is signed in.
    pub change_password: ChangePassword,
    /// Changes addresses.
    pub email_change: EmailChange,
    /// Shows customers themselves.
    pub read_customer: ReadCustomer,
    /// Changes what customers say of themselves.
    pub update_customer: UpdateCustomer,
    /// Looks at changes of customers before they are made.
    pub foresee_update: ForeseeUpdate,
    /// Keeps address books.
    pub addresses: Addresses,
    /// Writes down what customers agree to.
    pub consent: MarketingConsent,
    /// Gives customers what is known of them.
    pub archive: Archives,
    /// Takes customers out.
    pub erase: EraseCustomer,
    /// Signs staff in.
    pub staff_sign_in: StaffSignIn,
    /// Has them prove once more who they are.
    pub step_up: StepUp,
    /// Their second factors.
    pub second_factor: SecondFactor,
    /// Sends links that set their passwords.
    pub recover_staff: RecoverStaffPassword,
    /// Sets them by links.
    pub reset_staff: ResetStaffPassword,
    /// Sets those of who is signed in.
    pub change_staff_password: ChangeStaffPassword,
    /// Asks people to join the staff.
    pub invite_staff: InviteStaff,
    /// Lets them join.
    pub accept_invitation: AcceptInvitation,
    /// Who is on the staff.
    pub staff_members: StaffMembers,
    /// Their sign-ins.
    pub staff_sessions: StaffSessions,
    /// What they may do.
    pub roles: Roles,
    /// Makes owners, from the command line.
    pub create_owner: CreateOwner,
    /// Gives the shop to another.
    pub transfer_ownership: TransferOwnership,
    /// Keys of programs.
    pub api_keys: ApiKeys,
    /// What was done in the shop's name.
    pub audit_log: AuditLog,
    /// Takes that out of the house.
    pub export_audit_log: ExportAuditLog,
    /// What the staff do to what the shop has.
    pub admin: Admin,
    /// Takes pictures in.
    pub upload_media: UploadMedia,
    /// Shows them, and takes them away.
    pub media_files: MediaFiles,
    /// Products and collections.
    pub catalog: Arc<Catalog>,
    /// Tells by which prices somebody is shown the catalogue.
    pub show_prices: ShowPrices,
    /// Makes carts.
    pub create_cart: CreateCart,
    /// Shows carts.
    pub read_cart: ReadCart,
    /// Changes their lines.
    pub cart_lines: CartLines,
    /// Changes what is said about them.
    pub cart_details: CartDetails,
    /// Changes who buys.
    pub identify_buyer: IdentifyBuyer,
    /// Merges carts.
    pub merge_carts: MergeCarts,
    /// Changes where they are delivered.
    pub delivery_addresses: DeliveryAddresses,
    /// Chooses how they are delivered.
    pub select_delivery: SelectDelivery,
    /// Enters discount codes.
    pub discount_codes: DiscountCodes,
    /// Puts gift cards on carts.
    pub gift_card_codes: GiftCardCodes,
    /// Has store credit pay.
    pub store_credit: StoreCredit,
    /// Turns them into orders.
    pub place_order: PlaceOrderService,
    /// Finds orders for their buyers.
    pub find_order: FindOrder,
    /// Applies what the gateway says.
    pub apply_payment_event: ApplyPaymentEvent,
    /// Asks the gateway.
    pub sync_payment: SyncPayment,
    /// Asks the gateway about everything that has been open too long.
    pub reconcile: Reconcile,
    /// Looks for contradictions.
    pub doctor: Doctor,
    /// Follows carts.
    pub watch_cart: WatchCart,
    /// Follows orders.
    pub watch_order: WatchOrder,
    /// Follows stock.
    pub watch_stock: WatchStock,
    context: Arc<Context>,
}

impl Services {
    /// Wires them.
    pub fn new(context: Arc<Context>) -> Self {
        let ctx = || Arc::clone(&context);
        Self {
            authenticate: Authenticate(ctx()),
            sign_in: SignIn(ctx()),
            refresh: RefreshTokens(ctx()),
            sessions: Sessions(ctx()),
            storefront_tokens: StorefrontTokens(ctx()),
            public_keys: PublicKeys(ctx()),
            begin_oidc: BeginOidc(ctx()),
            finish_oidc: FinishOidc(ctx()),
            redeem_oidc: RedeemOidc(ctx()),
            confirm_identity: ConfirmIdentity(ctx()),
            identities: Identities(ctx()),
            register: RegisterCustomer(ctx()),
            activate: ActivateCustomer(ctx()),
            recover: RecoverPassword(ctx()),
            reset: ResetPassword(ctx()),
            change_password: ChangePassword(ctx()),
            email_change: EmailChange(ctx()),
            read_customer: ReadCustomer(ctx()),
            update_customer: UpdateCustomer(ctx()),
            foresee_update: ForeseeUpdate(ctx()),
            addresses: Addresses(ctx()),
            consent: MarketingConsent(ctx()),
            archive: Archives(ctx()),
            erase: EraseCustomer(ctx()),
            staff_sign_in: StaffSignIn(ctx()),
            step_up: StepUp(ctx()),
            second_factor: SecondFactor(ctx()),
            recover_staff: RecoverStaffPassword(ctx()),
            reset_staff: ResetStaffPassword(ctx()),
            change_staff_password: ChangeStaffPassword(ctx()),
            invite_staff: InviteStaff(ctx()),
            accept_invitation: AcceptInvitation(ctx()),
            staff_members: StaffMembers(ctx()),
            staff_sessions: StaffSessions(ctx()),
            roles: Roles(ctx()),
            create_owner: CreateOwner(ctx()),
            transfer_ownership: TransferOwnership(ctx()),
            api_keys: ApiKeys(ctx()),
            audit_log: AuditLog(ctx()),
            export_audit_log: ExportAuditLog(ctx()),
            admin: Admin::new(&context),
            upload_media: UploadMedia(ctx()),
            media_files: MediaFiles(ctx()),
            catalog: Arc::clone(&context.catalog),
            watch_cart: WatchCart(ctx()),
            watch_order: WatchOrder(ctx()),
            watch_stock: WatchStock::new(ctx(), Arc::clone(&context.catalog)),
            show_prices: ShowPrices(ctx()),
            create_cart: CreateCart(ctx()),
            read_cart: ReadCart(ctx()),
            cart_lines: CartLines(ctx()),
            cart_details: CartDetails(ctx()),
            identify_buyer: IdentifyBuyer(ctx()),
            merge_carts: MergeCarts(ctx()),
            delivery_addresses: DeliveryAddresses(ctx()),
            select_delivery: SelectDelivery(ctx()),
            discount_codes: DiscountCodes(ctx()),
            gift_card_codes: GiftCardCodes(ctx()),
            store_credit: StoreCredit(ctx()),
            place_order: PlaceOrderService(ctx()),
            find_order: FindOrder::new(ctx()),
            apply_payment_event: ApplyPaymentEvent(ctx()),
            sync_payment: SyncPayment(ctx()),
            reconcile: Reconcile(ctx()),
            doctor: Doctor(ctx()),
            context,
        }
    }

    /// The context they share.
    pub const fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// Puts in the jobs that come again by themselves, and what this version has added to the built-in roles. Safe to repeat, and by several instances.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn begin_schedules(&self) -> Result<(), stoa_domain::shared::Fault> {
        jobs::keep_reconciling(&self.context).await?;
        jobs::keep_accounts(&self.context).await?;
        staff::keep_built_in_roles(&self.context).await
    }

    /// Where people can sign in besides here.
    pub fn oidc_providers(&self) -> &OidcProviders {
        &self.context.ports.oidc
    }

    /// The time, by the clock everything runs on.
    pub fn now(&self) -> Timestamp {
        self.context.now()
    }

    /// Whether the database answers: without it nothing does.
    ///
    /// # Errors
    /// It does not.
    pub async fn ready(&self) -> Result<(), stoa_domain::shared::Fault> {
        self.context.db().ping().await
    }

    /// Checks a webhook call and reads its event.
    ///
    /// # Errors
    /// The call is not believed.
    pub fn receive_webhook(
        &self,
        signature: &str,
        body: &[u8],
    ) -> Result<stoa_domain::payment::GatewayEvent, WebhookRefusal> {
        self.context.ports.gateway.receive(signature, body, self.now())
    }
}
