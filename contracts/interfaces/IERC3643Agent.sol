// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The agent functions of ERC-3643 that a tranche token has, with that standard's selectors and events.
/// @notice A subset: it lets an ERC-3643 agent's tools work, it does not make the token an ERC-3643 token. `forcedTransfer`
///  and `getFrozenTokens` are those of ERC-7943, which share their selectors. What does not apply here:
///  `mint` and `batchMint` by an agent (notes are issued once, at closing, by the deal's factory);
///  `burn` and `batchBurn` (repayment lowers the factor and never takes face from a holder);
///  `setOnchainID`, `setIdentityRegistry`, `setCompliance`, `setName`, `setSymbol` (fixed for the token's life);
///  ONCHAINID contracts (an identity is an opaque id in the compliance registry).
/// @dev Who is an agent stands in the AccessManager, function by function.
interface IERC3643Agent {
    /// @notice Transfers stopped. Claims, forced transfers and recoveries go on.
    event Paused(address account);

    /// @notice Transfers go on.
    event Unpaused(address account);

    /// @notice `owner` froze or freed a whole account.
    event AddressFrozen(address indexed account, bool indexed isFrozen, address indexed owner);

    /// @notice `amount` more of an account was frozen by `freezePartialTokens`. Whatever changed it, what is frozen in
    ///  all follows in ERC-7943's `Frozen`.
    event TokensFrozen(address indexed account, uint256 amount);

    /// @notice `amount` of what was frozen of an account was freed by `unfreezePartialTokens`.
    event TokensUnfrozen(address indexed account, uint256 amount);

    /// @notice Everything of `lost` is now with `replacement`.
    /// @param identity the last 20 bytes of the identity's id
    event RecoverySuccess(
        address indexed lost,
        address indexed replacement,
        address indexed identity
    );

    /// @notice Stops transfers. Never stops a claim.
    function pause() external;

    /// @notice Lets transfers go on.
    function unpause() external;

    /// @notice Whether transfers are stopped.
    function paused() external view returns (bool);

    /// @notice Freezes an account: it can't send, receive or collect; what it is owed stays owed.
    function setAddressFrozen(address account, bool freeze) external;

    /// @notice Whether the whole account is frozen.
    function isFrozen(address account) external view returns (bool);

    /// @notice Freezes `amount` more of what is free of an account.
    function freezePartialTokens(address account, uint256 amount) external;

    /// @notice Frees `amount` of what is frozen of an account.
    function unfreezePartialTokens(address account, uint256 amount) external;

    /// @notice Moves face, recorded balance, owed cash with its fractions, and freezes of a lost wallet to another
    ///  wallet of the same identity. The registry's books don't change. Refused of a venue, whose own books would.
    /// @param identity the last 20 bytes of the identity's id, where ERC-3643 has the address of an identity contract
    /// @return success true, or the call reverts
    function recoveryAddress(
        address lost,
        address replacement,
        address identity
    ) external returns (bool success);

    /// @notice Transfers from the caller to many: all or none.
    function batchTransfer(address[] calldata to, uint256[] calldata amounts) external;

    /// @notice Forced transfers: all or none.
    function batchForcedTransfer(
        address[] calldata from,
        address[] calldata to,
        uint256[] calldata amounts
    ) external;

    /// @notice The contract that is asked on each transfer: the compliance registry.
    function compliance() external view returns (address);

    /// @notice The contract that knows whose a wallet is: the same compliance registry.
    function identityRegistry() external view returns (address);
}
