// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Who may hold what.
/// @notice Many wallets belong to one opaque identity. An identity has a credential that expires, a country and a freeze.
///  A deal may cap what one identity holds over all its classes, valued with the classes' current balances; a breach
///  that comes about by repayment is allowed to stand, only an increase is refused.
/// @dev Tokens make one call per transfer. Identity ids are random or salted: no personal data.
interface IComplianceRegistry {
    /// @notice What is known of an identity.
    /// @param kycExpiry first unix second in which the credential is no longer valid
    /// @param country ISO 3166-1 numeric
    /// @param frozen no sending or receiving of any class of any deal
    /// @param known whether it was ever set
    struct Identity {
        uint40 kycExpiry;
        uint16 country;
        bool frozen;
        bool known;
    }

    /// @notice An identity's credential or country was set.
    event IdentitySet(bytes32 indexed identityId, uint40 kycExpiry, uint16 country);

    /// @notice `wallet` belongs to `identityId` from now on; zero means to nobody.
    event WalletLinked(
        address indexed wallet,
        bytes32 indexed identityId,
        bytes32 indexed previousIdentityId
    );

    /// @notice An identity was frozen or freed.
    event IdentityFreezeSet(bytes32 indexed identityId, bool frozen);

    /// @notice An identity was exempted from a deal's holder cap (initial purchaser), or no longer is.
    event CapExemptSet(uint64 indexed dealId, bytes32 indexed identityId, bool exempt);

    /// @notice Identities of `country` may not, or may again, receive classes of the deal.
    event CountryBlockSet(uint64 indexed dealId, uint16 indexed country, bool blocked);

    /// @notice Only the deal factory registers deals.
    error FactoryOnly(address caller);

    /// @notice Only the distributor reports balances.
    error DistributorOnly(address caller);

    /// @notice The deal was registered before.
    error DealAlreadyRegistered(uint64 dealId);

    /// @notice The token is a class of a deal already.
    error TokenAlreadyRegistered(address token);

    /// @notice No such deal was registered.
    error DealUnknown(uint64 dealId);

    /// @notice `token` is no class of a registered deal.
    error TokenUnknown(address token);

    /// @notice A token or balance count that is not the deal's class count.
    error ClassCountMismatch(uint256 given, uint256 classes);

    /// @notice The identity was never set.
    error IdentityNotSet(bytes32 identityId);

    /// @notice A wallet that holds notes can't be left without an identity.
    error WalletHoldsNotes(address wallet, uint64 dealId);

    /// @notice `account` belongs to no known identity.
    error IdentityUnknown(address account);

    /// @notice The credential of the receiver's identity has expired.
    error IdentityExpired(address account);

    /// @notice The account's identity is frozen.
    error IdentityFrozen(address account);

    /// @notice The receiver's country may not hold this deal.
    error CountryBlocked(address account, uint16 country);

    /// @notice The receiving identity would hold more of the deal than its cap.
    /// @param identity the receiving identity
    /// @param principalAfter what it would hold over all classes, cents of current principal, rounded down
    /// @param limit the cap, cents of current principal, rounded down
    error HolderCapExceeded(bytes32 identity, uint256 principalAfter, uint256 limit);

    /// @notice Books a transfer between wallets, or a mint when `from` is zero; reverts with the reason if it is refused.
    /// @dev Only registered tokens. Sender: known, not frozen (an expired sender may still sell). Receiver: known, not
    ///  expired, not frozen, country not blocked, and within the cap when the identity's holding grows.
    /// @param amount original face in cents
    function onTransfer(address from, address to, uint256 amount) external;

    /// @notice As `onTransfer` without the sender's checks.
    function onForcedTransfer(address from, address to, uint256 amount) external;

    /// @notice Registers a deal's classes. Only the factory.
    /// @param code address that carries the deal code: original faces and cap are read from it
    /// @param tokens one token per class, in the order of the terms
    function registerDeal(uint64 dealId, address code, address[] calldata tokens) external;

    /// @notice Sets the classes' balances that the cap values holdings with. Only the distributor.
    /// @param code the deal's code, which the distributor has at hand: looking it up would cost a slot
    /// @param balances cents of current principal per class
    function setBalances(uint64 dealId, address code, uint64[] calldata balances) external;

    /// @notice Sets an identity's credential and country, leaving its freeze. Restricted.
    function setIdentity(bytes32 identityId, uint40 kycExpiry, uint16 country) external;

    /// @notice Makes `wallet` one of `identityId` and moves the face that the wallet holds from the books of its previous
    ///  identity, in every deal. Zero unlinks a wallet that holds nothing. Restricted; no cap is asked for.
    function linkWallet(address wallet, bytes32 identityId) external;

    /// @notice Freezes or frees an identity. Cash already owed is not withheld. Restricted.
    function setIdentityFrozen(bytes32 identityId, bool frozen) external;

    /// @notice Exempts an identity from a deal's cap, or ends the exemption. Restricted.
    function setCapExempt(uint64 dealId, bytes32 identityId, bool exempt) external;

    /// @notice Bars a country's identities from receiving classes of the deal, or ends that; holdings stay. Restricted.
    function setCountryBlocked(uint64 dealId, uint16 country, bool blocked) external;

    /// @notice Whether `onTransfer` of `token` would pass, and if not, the selector of its error. Never reverts.
    function canTransfer(
        address token,
        address from,
        address to,
        uint256 amount
    ) external view returns (bool ok, bytes4 reason);

    /// @notice Whether the sender's rules let `account` send. Never reverts.
    function canSend(address account) external view returns (bool);

    /// @notice Whether the receiver's rules, but for the cap, let `account` receive `token`. Never reverts.
    function canReceive(address token, address account) external view returns (bool);

    /// @notice The identity that a wallet belongs to; zero if none.
    function identityOf(address wallet) external view returns (bytes32);

    /// @notice What is known of an identity.
    function identity(bytes32 identityId) external view returns (Identity memory);

    /// @notice The original face that an identity holds of each class, in cents.
    function holdingOf(
        uint64 dealId,
        bytes32 identityId
    ) external view returns (uint64[] memory faces);

    /// @notice What an identity holds of the deal, valued as the cap does, in cents rounded down, and the cap.
    /// @return principal cents of current principal, rounded down
    /// @return limit the cap in cents; 2^64 - 1 if the deal has none
    function principalHeldBy(
        uint64 dealId,
        bytes32 identityId
    ) external view returns (uint256 principal, uint256 limit);

    /// @notice Whether the identity is exempt from the deal's cap.
    function isCapExempt(uint64 dealId, bytes32 identityId) external view returns (bool);

    /// @notice Whether the country's identities may not receive classes of the deal.
    function isCountryBlocked(uint64 dealId, uint16 country) external view returns (bool);
}
