// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A contract that holds notes for others and says for whom: a custodian's pool, a lending market, a wrapper.
/// @notice A deal with a holder cap looks through its venues: what an identity holds by way of them counts as its own.
interface IVenue {
    /// @notice The face that the venue holds of a class for an identity, in cents.
    /// @dev Asked by the compliance registry with 50,000 gas, before notes come to the identity's own wallets. An answer
    ///  that doesn't come, or is no face (2^48 or more), refuses the identity to increase what it holds of the deal, and
    ///  nothing else. The answer may not depend on anything but the venue's own books and the registry's links: a venue
    ///  that gives notes back takes them out of its books before it sends them.
    /// @param token class token
    /// @param identityId identity in the compliance registry
    function beneficialFaceOf(address token, bytes32 identityId) external view returns (uint256);
}
