// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuthorityUtils} from "@openzeppelin/contracts/access/manager/AuthorityUtils.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {IERC3643Agent} from "../interfaces/IERC3643Agent.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {RecordDates} from "./RecordDates.sol";
import {Account, Head, TokenWords} from "./TokenWords.sol";
import {TokenMoves} from "./TokenMoves.sol";

/// @title What a transfer agent may do with a tranche token: pause, freeze, force, recover.
/// @dev Each function's role stands in the AccessManager, for all tokens in the row of their beacon: given once, so that no
///  deal is ever without, and none differs from another. Whoever pauses need not be who ends it. None of them touches what is owed, but for a recovery, which
///  moves it to another wallet of the same identity.
abstract contract AgentActions is TokenMoves, AccessManagedUpgradeable {
    using RecordDates for RecordDates.Book;

    /// @inheritdoc IERC3643Agent
    function pause() external restricted {
        RecordDates.Book storage book = _layout().book;
        if (book.head.isPaused()) revert EnforcedPause();
        book.head = book.head.withPaused(true);
        emit Paused(msg.sender);
    }

    /// @inheritdoc IERC3643Agent
    function unpause() external restricted {
        RecordDates.Book storage book = _layout().book;
        if (!book.head.isPaused()) revert ExpectedPause();
        book.head = book.head.withPaused(false);
        emit Unpaused(msg.sender);
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev Moves face only, past a pause and the sender's rules.
    function forcedTransfer(
        address from,
        address to,
        uint256 amount
    ) external restricted returns (bool) {
        _forceTransfer(from, to, amount);
        return true;
    }

    /// @inheritdoc IERC3643Agent
    function batchForcedTransfer(
        address[] calldata from,
        address[] calldata to,
        uint256[] calldata amounts
    ) external restricted {
        if (from.length != to.length) revert BatchLengthMismatch(from.length, to.length);
        if (from.length != amounts.length) revert BatchLengthMismatch(from.length, amounts.length);
        for (uint256 i = 0; i < from.length; i++) _forceTransfer(from[i], to[i], amounts[i]);
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev An amount above 2^48 - 1, the largest possible supply, is kept as 2^48 - 1: everything, now and later.
    function setFrozenTokens(address account, uint256 amount) external restricted returns (bool) {
        _setFrozen(account, amount > TokenWords.MAX_FACE ? TokenWords.MAX_FACE : amount);
        return true;
    }

    /// @inheritdoc IERC3643Agent
    function freezePartialTokens(address account, uint256 amount) external restricted {
        Account word = _layout().book.accounts[account].word;
        uint256 unfrozen = _unfrozen(word);
        if (amount > unfrozen) revert ERC7943InsufficientUnfrozenBalance(account, amount, unfrozen);
        emit TokensFrozen(account, amount);
        _setFrozen(account, word.frozenTokens() + amount);
    }

    /// @inheritdoc IERC3643Agent
    function unfreezePartialTokens(address account, uint256 amount) external restricted {
        uint256 frozen = _layout().book.accounts[account].word.frozenTokens();
        if (amount > frozen) revert FrozenTokensShort(account, frozen, amount);
        emit TokensUnfrozen(account, amount);
        _setFrozen(account, frozen - amount);
    }

    /// @inheritdoc IERC3643Agent
    function setAddressFrozen(address account, bool freeze) external restricted {
        RecordDates.Book storage book = _layout().book;
        book.accounts[account].word = book.accounts[account].word.withFrozen(freeze);
        emit AddressFrozen(account, freeze, msg.sender);
    }

    /// @inheritdoc IERC3643Agent
    /// @dev Both accounts are settled to the same funded period first, so that their recorded balances may be added.
    function recoveryAddress(
        address lost,
        address replacement,
        address identity
    ) external restricted returns (bool) {
        RecordDates.Book storage book = _layout().book;
        _requireSameIdentity(lost, replacement, identity);
        Head head = book.rollHead();
        Account source = _settledInWindow(book, lost, head);
        Account target = _settledInWindow(book, replacement, head);
        uint256 face = source.balance();
        uint256 frozen = source.frozenTokens() + target.frozenTokens();
        if (frozen > TokenWords.MAX_FACE) frozen = TokenWords.MAX_FACE;
        uint256 recorded = source.recordBalance() + target.recordBalance();

        book.moveOwed(lost, source, replacement, target);
        book.accounts[lost].word = source.emptied(head.recordPeriod());
        book.accounts[replacement].word = target
            .withBalance(target.balance() + face)
            .withRecord(recorded, head.recordPeriod())
            .withFrozenTokens(frozen)
            .withFrozen(target.isFrozen() || source.isFrozen())
            .withOwed();

        if (source.frozenTokens() != 0) {
            emit Frozen(lost, 0);
            emit Frozen(replacement, frozen);
        }
        if (source.isFrozen() && !target.isFrozen())
            emit AddressFrozen(replacement, true, msg.sender);
        emit Transfer(lost, replacement, face);
        emit AccountRecovered(lost, replacement, face);
        emit RecoverySuccess(lost, replacement, identity);
        return true;
    }

    /// @dev The agents act at once: nothing can be scheduled here, and a member with a delay is refused.
    function _checkCanCall(address caller, bytes calldata data) internal view override {
        address row = ERC1967Utils.getBeacon();
        (bool immediate, ) = AuthorityUtils.canCallWithDelay(
            authority(),
            caller,
            row,
            bytes4(data[0:4])
        );
        if (!immediate) revert AccessManagedUnauthorized(caller);
    }

    function _requireSameIdentity(
        address lost,
        address replacement,
        address identity
    ) private view {
        bytes32 id = COMPLIANCE.identityOf(lost);
        if (
            id == 0 ||
            lost == replacement ||
            COMPLIANCE.identityOf(replacement) != id ||
            address(uint160(uint256(id))) != identity
        ) revert IdentityMismatch(lost, replacement);
        // Its own books would break, as by a forced transfer.
        if (COMPLIANCE.identity(id).venue) revert IComplianceRegistry.VenueSender(lost);
    }

    /// @dev Moves face only: what the old holder is owed, and entitled to by past record times, stays with it. Skips the
    ///  sender's checks and a pause; the receiver's checks and the cap hold, and the registry books the move.
    function _forceTransfer(address from, address to, uint256 amount) private {
        Layout storage $ = _layout();
        if (from == address(0)) revert ERC20InvalidSender(from);
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        RecordDates.AccountSlot storage source = $.book.accounts[from];
        RecordDates.AccountSlot storage target = $.book.accounts[to];
        Account sender = source.word;
        Account receiver = target.word;
        if (amount > sender.balance())
            revert ERC20InsufficientBalance(from, sender.balance(), amount);
        if (receiver.isFrozen()) revert ERC7943CannotReceive(to);
        uint256 unfrozen = _unfrozen(sender);
        if (amount > unfrozen && from != to) {
            uint256 frozen = sender.frozenTokens() - (amount - unfrozen);
            sender = sender.withFrozenTokens(frozen);
            emit Frozen(from, frozen);
        }
        _move($.book.rollHead(), from, source, sender, to, target, receiver, amount);
        emit ForcedTransfer(from, to, amount);
        COMPLIANCE.onForcedTransfer(from, to, amount);
    }

    function _setFrozen(address account, uint256 amount) private {
        RecordDates.Book storage book = _layout().book;
        book.accounts[account].word = book.accounts[account].word.withFrozenTokens(amount);
        emit Frozen(account, amount);
    }

    function _settledInWindow(
        RecordDates.Book storage book,
        address holder,
        Head head
    ) private returns (Account account) {
        account = book.touch(holder, book.accounts[holder].word, head);
        return book.settle(holder, account, head);
    }
}
