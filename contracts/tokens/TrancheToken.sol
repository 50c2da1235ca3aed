// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {NoncesUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/NoncesUpgradeable.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {ITrancheToken} from "../interfaces/ITrancheToken.sol";
import {RecordDates} from "./RecordDates.sol";
import {Account, Entry, Head, Owed, TokenWords} from "./TokenWords.sol";
import {TrancheViews} from "./TrancheViews.sol";

/// @title One class of notes of one deal (see ITrancheToken).
/// @dev Behind a beacon proxy. Its own ERC-20 core, because balances share a slot with the record-date fields. A transfer
///  makes one external call, to the compliance registry, which never calls back.
contract TrancheToken is
    ITrancheToken,
    TrancheViews,
    IERC20Errors,
    NoncesUpgradeable,
    AccessManagedUpgradeable
{
    using RecordDates for RecordDates.Book;

    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );
    /// @param factory DealFactory, which may mint before the first record time
    /// @param distributor WaterfallDistributor, which may fund and collect
    /// @param compliance ComplianceRegistry that is asked on each transfer
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        address factory,
        address distributor,
        address compliance
    ) TrancheViews(factory, distributor, compliance) {
        _disableInitializers();
    }

    /// @inheritdoc ITrancheToken
    function initialize(InitParams calldata params) external initializer {
        __EIP712_init(params.name, "1");
        __AccessManaged_init(params.authority);
        Layout storage $ = _layout();
        $.symbol = params.symbol;
        $.dealId = params.dealId;
        $.classIndex = params.classIndex;
        $.book.dealCode = params.dealCode;
    }

    // ------------------------------------------------------------------ issue and cash

    /// @inheritdoc ITrancheToken
    function mint(address to, uint64 face) external {
        Layout storage $ = _layout();
        if (msg.sender != FACTORY) revert FactoryOnly(msg.sender);
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        Head head = $.book.rollHead();
        if (head.recordPeriod() != 0) revert MintingEnded(uint16(head.recordPeriod()));
        uint256 supply = head.supply() + face;
        if (supply > TokenWords.MAX_FACE) revert SupplyTooLarge(supply);
        Account account = $.book.accounts[to].word;
        if (account.isFrozen()) revert ERC7943CannotReceive(to);
        // Nothing is repaid before the first record time, so principal equals face.
        $.book.head = head.withSupply(supply).withPrincipalBalance(uint64(supply));
        $.book.accounts[to].word = account.withBalance(account.balance() + face);
        emit Transfer(address(0), to, face);
        COMPLIANCE.onTransfer(address(0), to, face);
    }

    /// @inheritdoc ITrancheToken
    function fund(
        uint16 period,
        uint40 windowEnd,
        uint256 interestUnits,
        uint256 principalUnits,
        uint64 balanceAfter
    ) external {
        RecordDates.Book storage book = _layout().book;
        _onlyDistributor();
        Head head = book.head;
        if (block.timestamp >= head.nextRecordTime()) {
            bool isNewer = period > head.recordPeriod() && block.timestamp < windowEnd;
            head = isNewer ? head.withWindow(period, windowEnd) : book.currentHead();
        }
        if (interestUnits | principalUnits != 0) {
            if (head.recordPeriod() != period)
                revert RecordWindowClosed(period, uint16(head.recordPeriod()));
            if (period <= head.lastFunded())
                revert PeriodAlreadyFunded(period, uint16(head.lastFunded()));
            Entry entry = book.addEntry(head, period, interestUnits, principalUnits);
            head = head.withLastFunded(period);
            emit EntitlementFunded(
                period,
                interestUnits,
                principalUnits,
                entry.interestIndex(),
                entry.principalIndex()
            );
        }
        // With or without an entry: the head as of the clock.
        book.head = head.withPrincipalBalance(balanceAfter);
    }

    /// @inheritdoc ITrancheToken
    function collect(
        address holder
    ) external returns (uint256 interestUnits, uint256 principalUnits) {
        Layout storage $ = _layout();
        _onlyDistributor();
        RecordDates.AccountSlot storage place = $.book.accounts[holder];
        Account account = place.word;
        if (account.isFrozen()) revert AccountFrozen(holder);
        Head head = $.book.head;
        (uint256 interest, uint256 principal) = $.book.accrued(account, head);
        bool inSlot = account.usesOwed();
        unchecked {
            // Each amount has at most 122 bits.
            interest += account.interestFraction();
            principal += account.principalFraction();
            if (inSlot) {
                interest += $.book.owed[holder].interest();
                principal += $.book.owed[holder].principal();
            }
        }
        interestUnits = interest >> TokenWords.FRACTION_BITS;
        principalUnits = principal >> TokenWords.FRACTION_BITS;
        // Without a whole unit everything stays as it is, to be settled later.
        if (interestUnits | principalUnits == 0) return (0, 0);
        if (inSlot) {
            // A slot that is in use goes on being used: emptied, its next use would cost 17,100 more.
            $.book.owed[holder] = Owed.wrap(interest | (principal << 128)).fractions();
            (interest, principal) = (0, 0);
        }
        place.word = account.withCollected(head.lastFunded(), interest, principal);
    }

    // ------------------------------------------------------------------ ERC-20, ERC-2612

    /// @inheritdoc IERC20
    function transfer(address to, uint256 amount) external returns (bool) {
        _transfer(msg.sender, to, amount);
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        if (from == address(0)) revert ERC20InvalidSender(from);
        uint256 allowed = _layout().allowances[from][msg.sender];
        if (allowed != type(uint256).max) {
            if (allowed < amount) revert ERC20InsufficientAllowance(msg.sender, allowed, amount);
            _layout().allowances[from][msg.sender] = allowed - amount;
        }
        _transfer(from, to, amount);
        return true;
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 amount) external returns (bool) {
        _approve(msg.sender, spender, amount);
        return true;
    }

    /// @inheritdoc IERC20Permit
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        if (block.timestamp > deadline) revert ERC2612ExpiredSignature(deadline);
        bytes32 structHash = keccak256(
            abi.encode(PERMIT_TYPEHASH, owner, spender, value, _useNonce(owner), deadline)
        );
        address signer = ECDSA.recover(_hashTypedDataV4(structHash), v, r, s);
        if (signer != owner) revert ERC2612InvalidSigner(signer, owner);
        _approve(owner, spender, value);
    }

    /// @inheritdoc IERC20Permit
    function nonces(
        address owner
    ) public view override(IERC20Permit, NoncesUpgradeable) returns (uint256) {
        return super.nonces(owner);
    }

    // ------------------------------------------------------------------ enforcement

    /// @inheritdoc IERC7943Fungible
    /// @dev Moves face only: what the old holder is owed, and entitled to by past record times, stays with it. Skips the
    ///  sender's checks; the receiver's checks and the cap hold, and the registry books the move.
    function forcedTransfer(
        address from,
        address to,
        uint256 amount
    ) external restricted returns (bool) {
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
        _move(from, source, sender, to, target, receiver, amount);
        emit ForcedTransfer(from, to, amount);
        COMPLIANCE.onForcedTransfer(from, to, amount);
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev An amount above 2^48 - 1, the largest possible supply, is kept as 2^48 - 1: everything, now and later.
    function setFrozenTokens(address account, uint256 amount) external restricted returns (bool) {
        RecordDates.Book storage book = _layout().book;
        if (amount > TokenWords.MAX_FACE) amount = TokenWords.MAX_FACE;
        book.accounts[account].word = book.accounts[account].word.withFrozenTokens(amount);
        emit Frozen(account, amount);
        return true;
    }

    /// @inheritdoc ITrancheToken
    function setAccountFrozen(address account, bool frozen) external restricted {
        RecordDates.Book storage book = _layout().book;
        book.accounts[account].word = book.accounts[account].word.withFrozen(frozen);
        emit AccountFreezeSet(account, frozen);
    }

    /// @inheritdoc ITrancheToken
    /// @dev Both accounts are settled to the same funded period first, so that their recorded balances may be added.
    function recoverAccount(address lost, address replacement) external restricted {
        Layout storage $ = _layout();
        RecordDates.Book storage book = $.book;
        bytes32 identity = COMPLIANCE.identityOf(lost);
        if (identity == 0 || lost == replacement || COMPLIANCE.identityOf(replacement) != identity)
            revert IdentityMismatch(lost, replacement);

        Head head = book.rollHead();
        Account source = _settledInWindow(book, lost, head);
        Account target = _settledInWindow(book, replacement, head);
        uint256 face = source.balance();
        uint256 frozen = source.frozenTokens() + target.frozenTokens();
        if (frozen > TokenWords.MAX_FACE) frozen = TokenWords.MAX_FACE;
        uint256 recorded = source.recordBalance() + target.recordBalance();

        book.moveOwed(lost, source, replacement);
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
        if (source.isFrozen() && !target.isFrozen()) emit AccountFreezeSet(replacement, true);
        emit Transfer(lost, replacement, face);
        emit AccountRecovered(lost, replacement, face);
    }

    // ------------------------------------------------------------------ inside

    function _onlyDistributor() private view {
        if (msg.sender != DISTRIBUTOR) revert DistributorOnly(msg.sender);
    }

    function _transfer(address from, address to, uint256 amount) private {
        Layout storage $ = _layout();
        if (to == address(0)) revert ERC20InvalidReceiver(to);
        RecordDates.AccountSlot storage source = $.book.accounts[from];
        RecordDates.AccountSlot storage target = $.book.accounts[to];
        Account sender = source.word;
        Account receiver = target.word;
        bytes4 refusal = _refusal(sender, receiver, amount);
        if (refusal != 0) _refuse(refusal, from, to, amount);
        if (amount > sender.balance())
            revert ERC20InsufficientBalance(from, sender.balance(), amount);
        _move(from, source, sender, to, target, receiver, amount);
        COMPLIANCE.onTransfer(from, to, amount);
    }

    /// @dev Books a move that is allowed and covered. Each account's first change in a record window remembers its balance.
    function _move(
        address from,
        RecordDates.AccountSlot storage source,
        Account sender,
        address to,
        RecordDates.AccountSlot storage target,
        Account receiver,
        uint256 amount
    ) private {
        RecordDates.Book storage book = _layout().book;
        Head head = book.rollHead();
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
        if (refusal == ERC7943CannotSend.selector) revert ERC7943CannotSend(from);
        if (refusal == ERC7943CannotReceive.selector) revert ERC7943CannotReceive(to);
        uint256 unfrozen = _unfrozen(_layout().book.accounts[from].word);
        revert ERC7943InsufficientUnfrozenBalance(from, amount, unfrozen);
    }

    function _settledInWindow(
        RecordDates.Book storage book,
        address holder,
        Head head
    ) private returns (Account account) {
        account = book.touch(holder, book.accounts[holder].word, head);
        return book.settle(holder, account, head);
    }

    function _approve(address owner, address spender, uint256 amount) private {
        if (owner == address(0)) revert ERC20InvalidApprover(owner);
        if (spender == address(0)) revert ERC20InvalidSpender(spender);
        _layout().allowances[owner][spender] = amount;
        emit Approval(owner, spender, amount);
    }
}
