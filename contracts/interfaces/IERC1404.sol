// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ERC-1404 (simple restricted token), its reading half.
/// @notice Tells a user interface why a transfer would be refused. ERC-165 interface id 0xab84a5c8.
interface IERC1404 {
    /// @notice The reason for which the rules would refuse this transfer now; 0 if none would.
    /// @dev Never reverts. Lack of balance is no rule.
    function detectTransferRestriction(
        address from,
        address to,
        uint256 value
    ) external view returns (uint8 code);

    /// @notice A code in words.
    function messageForTransferRestriction(uint8 code) external view returns (string memory);
}
