// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {NoncesUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/NoncesUpgradeable.sol";
import {IERC3643Agent} from "../interfaces/IERC3643Agent.sol";
import {ITrancheToken} from "../interfaces/ITrancheToken.sol";
import {AgentActions} from "./AgentActions.sol";
import {RecordDates} from "./RecordDates.sol";
import {Account, Head, Owed, TokenWords} from "./TokenWords.sol";
import {TrancheViews} from "./TrancheViews.sol";

/// @title One class of notes of one deal (see ITrancheToken).
/// @dev Behind a beacon proxy. Its own ERC-20 core, because balances share a slot with the record-date fields. A transfer
///  makes one external call, to the compliance registry, which never calls back.
contract TrancheToken is AgentActions, NoncesUpgradeable {
    using RecordDates for RecordDates.Book;

    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant CLAIM_TYPEHASH = keccak256(
        "Claim(address holder,address payee,uint256 nonce,uint256 deadline)"
    );

    /// @param factory DealFactory, which may mint before the first record time
    /// @param distributor WaterfallDistributor, which may fund and collect
    /// @param registry ComplianceRegistry that is asked on each transfer
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        address factory,
        address distributor,
        address registry
    ) TrancheViews(factory, distributor, registry) {
        _disableInitializers();
    }

    /// @inheritdoc ITrancheToken
    function initialize(InitParams calldata params) external initializer {
        __EIP712_init(params.name, "1");
        __AccessManaged_init(params.authority);
        Layout storage $ = _layout();
        $.symbol = params.symbol;
        $.book.start(params.dealCode, params.dealId, params.classIndex);
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
        $.book.head = head.withSupply(supply);
        $.book.accounts[to].word = account.withBalance(account.balance() + face);
        emit Transfer(address(0), to, face);
        COMPLIANCE.onTransfer(address(0), to, face);
    }

    /// @inheritdoc ITrancheToken
    function fund(
        uint16 period,
        uint40 windowEnd,
        uint256 interestCents,
        uint256 principalCents
    ) external {
        RecordDates.Book storage book = _layout().book;
        _onlyDistributor();
        if (interestCents | principalCents == 0) return;
        Head head = book.head;
        if (head.supply() == 0) revert SupplyZero();
        if (block.timestamp >= head.nextRecordTime()) {
            bool isNewer = period > head.recordPeriod() && block.timestamp < windowEnd;
            head = isNewer ? head.withWindow(period, windowEnd) : book.currentHead();
        }
        if (head.recordPeriod() != period)
            revert RecordWindowClosed(period, uint16(head.recordPeriod()));
        if (period <= head.lastFunded())
            revert PeriodAlreadyFunded(period, uint16(head.lastFunded()));
        book.head = book.addEntry(head, period, interestCents, principalCents);
        uint256 scale = head.scale();
        emit EntitlementFunded(period, interestCents * scale, principalCents * scale);
    }

    /// @inheritdoc ITrancheToken
    function collect(
        address holder
    ) external returns (uint256 interestUnits, uint256 principalUnits) {
        _onlyDistributor();
        return _collect(holder);
    }

    /// @inheritdoc ITrancheToken
    function collectTo(
        address holder,
        address payee,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 interestUnits, uint256 principalUnits) {
        _onlyDistributor();
        if (payee == address(0)) revert PayeeMissing();
        if (block.timestamp > deadline) revert ClaimExpired(deadline);
        (interestUnits, principalUnits) = _collect(holder);
        if (interestUnits | principalUnits == 0) return (0, 0);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(CLAIM_TYPEHASH, holder, payee, _useNonce(holder), deadline))
        );
        if (!SignatureChecker.isValidSignatureNow(holder, digest, signature))
            revert ClaimSignatureInvalid(holder, payee);
    }

    /// @dev What is left of a unit stays with the account.
    function _collect(
        address holder
    ) private returns (uint256 interestUnits, uint256 principalUnits) {
        Layout storage $ = _layout();
        RecordDates.AccountSlot storage place = $.book.accounts[holder];
        Account account = place.word;
        if (account.isFrozen()) revert AccountFrozen(holder);
        Head head = $.book.head;
        Owed owed = $.book.accrued(account, head).plus($.book.settledOwed(holder, account));
        interestUnits = owed.interest() >> TokenWords.FRACTION_BITS;
        principalUnits = owed.principal() >> TokenWords.FRACTION_BITS;
        // Without a whole unit everything stays as it is, to be settled later.
        if (interestUnits | principalUnits == 0) return (0, 0);
        place.word = account.withCollected(head.lastFunded(), owed);
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

    /// @inheritdoc IERC3643Agent
    function batchTransfer(address[] calldata to, uint256[] calldata amounts) external {
        if (to.length != amounts.length) revert BatchLengthMismatch(to.length, amounts.length);
        for (uint256 i = 0; i < to.length; i++) _transfer(msg.sender, to[i], amounts[i]);
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

    function _onlyDistributor() private view {
        if (msg.sender != DISTRIBUTOR) revert DistributorOnly(msg.sender);
    }

    function _approve(address owner, address spender, uint256 amount) private {
        if (owner == address(0)) revert ERC20InvalidApprover(owner);
        if (spender == address(0)) revert ERC20InvalidSpender(spender);
        _layout().allowances[owner][spender] = amount;
        emit Approval(owner, spender, amount);
    }
}
