// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ITrancheToken} from "../interfaces/ITrancheToken.sol";
import {RecordDates} from "./RecordDates.sol";
import {Account, Head} from "./TokenWords.sol";
import {TrancheViews} from "./TrancheViews.sol";

/// @title How face moves from one account to another.
abstract contract TokenMoves is ITrancheToken, TrancheViews, IERC20Errors {
    using RecordDates for RecordDates.Book;

    function _transfer(address from, address to, uint256 amount) internal {
        Layout storage $ = _layout();
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        RecordDates.AccountSlot storage source = $.book.accounts[from];
        RecordDates.AccountSlot storage target = $.book.accounts[to];
        Account sender = source.word;
        Account receiver = target.word;
        Head head = $.book.rollHead();
        bytes4 refusal = _refusal(head, sender, receiver, amount);
        if (refusal != 0) _refuse(refusal, from, to, amount);
        if (amount > sender.balance())
            revert ERC20InsufficientBalance(from, sender.balance(), amount);
        _move(head, from, source, sender, to, target, receiver, amount);
        COMPLIANCE.onTransfer(from, to, amount);
    }

    /// @dev Books a move that is allowed and covered. Each account's first change in a record window remembers its balance.
    function _move(
        Head head,
        address from,
        RecordDates.AccountSlot storage source,
        Account sender,
        address to,
        RecordDates.AccountSlot storage target,
        Account receiver,
        uint256 amount
    ) internal {
        RecordDates.Book storage book = _layout().book;
        sender = book.touch(from, sender, head);
        if (from == to) {
            source.word = sender;
        } else {
            receiver = book.touch(to, receiver, head);
            unchecked {
                // The balance is the lowest field. It covers the amount, and the supply bounds the receiver's.
                source.word = Account.wrap(Account.unwrap(sender) - amount);
                target.word = Account.wrap(Account.unwrap(receiver) + amount);
            }
        }
        emit Transfer(from, to, amount);
    }

    function _refuse(bytes4 refusal, address from, address to, uint256 amount) private view {
        if (refusal == EnforcedPause.selector) revert EnforcedPause();
        if (refusal == ERC7943CannotSend.selector) revert ERC7943CannotSend(from);
        if (refusal == ERC7943CannotReceive.selector) revert ERC7943CannotReceive(to);
        uint256 unfrozen = _unfrozen(_layout().book.accounts[from].word);
        revert ERC7943InsufficientUnfrozenBalance(from, amount, unfrozen);
    }
}
