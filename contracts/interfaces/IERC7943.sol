// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title ERC-7943 (uRWA), the interface for ERC-20 tokens.
/// @notice What a venue may ask of, and an enforcement agent may do with, a token of a real-world asset.
/// @dev ERC-165 interface id 0x3edbb4c4. The three `can` views never revert.
interface IERC7943Fungible is IERC165 {
    /// @notice `amount` was taken from `from` and given to `to` by an agent.
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);

    /// @notice `amount` is what is frozen of `account` from now on; it may exceed the balance.
    event Frozen(address indexed account, uint256 amount);

    /// @notice `account` may not send.
    error ERC7943CannotSend(address account);

    /// @notice `account` may not receive.
    error ERC7943CannotReceive(address account);

    /// @notice This transfer is refused by the token's rules.
    error ERC7943CannotTransfer(address from, address to, uint256 amount);

    /// @notice `amount` is within the balance of `account` but above its `unfrozen` part.
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    /// @notice Takes `amount` from `from` and gives it to `to`; for agents only.
    /// @return result true, or the call reverts
    function forcedTransfer(
        address from,
        address to,
        uint256 amount
    ) external returns (bool result);

    /// @notice Sets, not adds to, what is frozen of `account`; for agents only.
    /// @param amount may exceed the balance, so that what arrives later is held too
    /// @return result true, or the call reverts
    function setFrozenTokens(address account, uint256 amount) external returns (bool result);

    /// @notice Whether the rules let `account` send at all, whatever the amount and the other side.
    function canSend(address account) external view returns (bool allowed);

    /// @notice Whether the rules let `account` receive at all, whatever the amount and the other side.
    function canReceive(address account) external view returns (bool allowed);

    /// @notice What is frozen of `account`; it may exceed the balance.
    function getFrozenTokens(address account) external view returns (uint256 amount);

    /// @notice Whether no permission rule stops this transfer. Lack of balance or allowance is no permission rule.
    function canTransfer(
        address from,
        address to,
        uint256 amount
    ) external view returns (bool allowed);
}
