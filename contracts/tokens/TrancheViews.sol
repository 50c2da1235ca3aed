// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {DealTerms} from "../deals/DealTerms.sol";
import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {IERC1404} from "../interfaces/IERC1404.sol";
import {IERC3643Agent} from "../interfaces/IERC3643Agent.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {ITrancheViews} from "../interfaces/ITrancheViews.sol";
import {IWaterfallDistributor} from "../interfaces/IWaterfallDistributor.sol";
import {RecordDates} from "./RecordDates.sol";
import {TransferRestrictions} from "./TransferRestrictions.sol";
import {Account, Entry, Head, Owed, TokenWords} from "./TokenWords.sol";

/// @title The reading half of a tranche token: its storage and every view.
/// @dev Apart from TrancheToken only so that each file stays readable.
abstract contract TrancheViews is ITrancheViews, IERC3643Agent, EIP712Upgradeable {
    using RecordDates for RecordDates.Book;

    uint256 private constant WAD = 1e18;

    /// @custom:storage-location erc7201:penstock.storage.TrancheToken
    struct Layout {
        RecordDates.Book book;
        string symbol;
        mapping(address owner => mapping(address spender => uint256)) allowances;
    }

    // keccak256(abi.encode(uint256(keccak256("penstock.storage.TrancheToken")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant LAYOUT_SLOT =
        0xc5d53fe629c14120ad059701e7535927e1ad529bf334dd31d7cd38f3d2c78200;

    // The links are the same for every token: they stand in the code that all of them share, where reading one costs
    // a transfer, a funding or a claim no storage slot.

    /// @dev May mint, before the first record time.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address internal immutable FACTORY;
    /// @dev May fund and collect.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address internal immutable DISTRIBUTOR;
    /// @dev Is asked on each transfer.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IComplianceRegistry internal immutable COMPLIANCE;
    /// @dev Knows the codes and words of ERC-1404.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    TransferRestrictions private immutable RESTRICTIONS;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address factory, address distributor, address registry) {
        (FACTORY, DISTRIBUTOR) = (factory, distributor);
        COMPLIANCE = IComplianceRegistry(registry);
        RESTRICTIONS = new TransferRestrictions();
    }

    /// @inheritdoc IERC7943Fungible
    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        return _restriction(from, to, amount) == 0;
    }

    /// @inheritdoc IERC1404
    function detectTransferRestriction(
        address from,
        address to,
        uint256 value
    ) external view returns (uint8) {
        return RESTRICTIONS.codeOf(_restriction(from, to, value));
    }

    /// @inheritdoc IERC1404
    function messageForTransferRestriction(uint8 code) external view returns (string memory) {
        return RESTRICTIONS.messageOf(code);
    }

    /// @inheritdoc IERC7943Fungible
    function canSend(address account) external view returns (bool) {
        Layout storage $ = _layout();
        if ($.book.accounts[account].word.isFrozen()) return false;
        return COMPLIANCE.canSend(account);
    }

    /// @inheritdoc IERC7943Fungible
    function canReceive(address account) external view returns (bool) {
        Layout storage $ = _layout();
        if ($.book.accounts[account].word.isFrozen()) return false;
        return COMPLIANCE.canReceive(address(this), account);
    }

    /// @inheritdoc IERC7943Fungible
    function getFrozenTokens(address account) external view returns (uint256) {
        return _layout().book.accounts[account].word.frozenTokens();
    }

    /// @inheritdoc IERC3643Agent
    function isFrozen(address account) external view returns (bool) {
        return _layout().book.accounts[account].word.isFrozen();
    }

    /// @inheritdoc IERC3643Agent
    function paused() external view returns (bool) {
        return _layout().book.head.isPaused();
    }

    /// @inheritdoc IERC3643Agent
    function compliance() external view returns (address) {
        return address(COMPLIANCE);
    }

    /// @inheritdoc IERC3643Agent
    function identityRegistry() external view returns (address) {
        return address(COMPLIANCE);
    }

    /// @inheritdoc IERC6372
    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc ITrancheViews
    function balanceOfAt(address account, uint48 timepoint) external view returns (uint256) {
        (uint256 period, bool isRecordTime) = _windowAt(timepoint);
        Account word = _layout().book.accounts[account].word;
        if (period > word.touchedPeriod()) return word.balance();
        if (period == word.touchedPeriod() && isRecordTime) return word.recordBalance();
        revert HistoryUnknown(timepoint);
    }

    /// @inheritdoc ITrancheViews
    function totalSupplyAt(uint48 timepoint) external view returns (uint256) {
        (uint256 period, ) = _windowAt(timepoint);
        if (period == 0) revert HistoryUnknown(timepoint);
        return _layout().book.head.supply();
    }

    /// @inheritdoc ITrancheViews
    function owedFractionsOf(
        address account
    ) public view returns (uint256 interest, uint256 principal) {
        RecordDates.Book storage book = _layout().book;
        Account word = book.accounts[account].word;
        Owed owed = book.settledOwed(account, word).plus(book.accrued(word, book.head));
        return (owed.interest(), owed.principal());
    }

    /// @inheritdoc ITrancheViews
    function entitlementOf(
        address account
    ) external view returns (uint256 interestUnits, uint256 principalUnits) {
        (interestUnits, principalUnits) = owedFractionsOf(account);
        interestUnits >>= TokenWords.FRACTION_BITS;
        principalUnits >>= TokenWords.FRACTION_BITS;
    }

    /// @inheritdoc ITrancheViews
    function factor() external view returns (uint256) {
        uint256 supply = _layout().book.head.supply();
        return supply == 0 ? WAD : (principalBalance() * WAD) / supply;
    }

    /// @inheritdoc ITrancheViews
    function principalBalance() public view returns (uint64) {
        return IWaterfallDistributor(DISTRIBUTOR).principalBalanceOf(address(this));
    }

    /// @inheritdoc ITrancheViews
    function currentPrincipalOf(address account) external view returns (uint256) {
        uint256 face = _layout().book.accounts[account].word.balance();
        // Of the exact quotient, not of the rounded factor. A holder implies a supply.
        return face == 0 ? 0 : (face * principalBalance()) / _layout().book.head.supply();
    }

    /// @inheritdoc ITrancheViews
    function recordPeriod() external view returns (uint16) {
        return uint16(_layout().book.currentHead().recordPeriod());
    }

    /// @inheritdoc ITrancheViews
    function lastFundedPeriod() external view returns (uint16) {
        return uint16(_layout().book.head.lastFunded());
    }

    /// @inheritdoc ITrancheViews
    function indexAt(uint16 period) external view returns (IndexEntry memory index) {
        RecordDates.Book storage book = _layout().book;
        Head head = book.head;
        Entry entry = book.entryAt(head, period);
        // Period 0 has no entry, whatever stands in its place.
        if (period == 0 || Entry.unwrap(entry) == 0) return index;
        uint256 supply = head.supply();
        uint256 unit = head.scale() << TokenWords.FRACTION_BITS;
        Owed each = Owed.wrap(RecordDates.indexes(entry, head));
        index.interestCents = uint64(entry.fundedInterest());
        index.principalCents = uint64(entry.fundedPrincipal());
        index.interestIndex = uint128(each.interest());
        index.principalIndex = uint128(each.principal());
        index.interestRemainder = uint48((entry.fundedInterest() * unit) % supply);
        index.principalRemainder = uint48((entry.fundedPrincipal() * unit) % supply);
    }

    /// @inheritdoc ITrancheViews
    function dealId() external view returns (uint64) {
        return _layout().book.dealId;
    }

    /// @inheritdoc ITrancheViews
    function classIndex() external view returns (uint8) {
        return _layout().book.classIndex;
    }

    /// @inheritdoc ITrancheViews
    function dealCode() external view returns (address) {
        return _layout().book.dealCode;
    }

    /// @inheritdoc ITrancheViews
    function links() external view returns (address, address, address) {
        return (FACTORY, DISTRIBUTOR, address(COMPLIANCE));
    }

    /// @inheritdoc IERC20
    function balanceOf(address account) external view returns (uint256) {
        return _layout().book.accounts[account].word.balance();
    }

    /// @inheritdoc IERC20
    function totalSupply() external view returns (uint256) {
        return _layout().book.head.supply();
    }

    /// @inheritdoc IERC20
    function allowance(address owner, address spender) external view returns (uint256) {
        return _layout().allowances[owner][spender];
    }

    /// @inheritdoc IERC20Metadata
    function name() external view returns (string memory) {
        return _EIP712Name();
    }

    /// @inheritdoc IERC20Metadata
    function symbol() external view returns (string memory) {
        return _layout().symbol;
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external pure returns (uint8) {
        return 2;
    }

    /// @inheritdoc IERC20Permit
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return
            id == type(IERC7943Fungible).interfaceId ||
            id == type(IERC165).interfaceId ||
            id == type(IERC1404).interfaceId ||
            id == type(IERC6372).interfaceId ||
            id == type(IERC20).interfaceId ||
            id == type(IERC20Metadata).interfaceId ||
            id == type(IERC20Permit).interfaceId;
    }

    /// @dev The record window that a time of the past lies in, and whether it is that window's record time.
    function _windowAt(uint48 timepoint) private view returns (uint256 period, bool isRecordTime) {
        if (timepoint > clock()) revert TimepointInFuture(timepoint, clock());
        address code = _layout().book.dealCode;
        (period, ) = DealTerms.recordWindow(code, 0, timepoint);
        if (period == 0) return (0, false);
        (uint256 before, ) = DealTerms.recordWindow(code, 0, timepoint - 1);
        isRecordTime = before != period;
    }

    /// @dev The selector of the error with which the rules would refuse a transfer; zero if they would not.
    function _restriction(address from, address to, uint256 amount) private view returns (bytes4) {
        Layout storage $ = _layout();
        if (from == address(0)) return ERC7943CannotSend.selector;
        if (to == address(0)) return ERC7943CannotReceive.selector;
        bytes4 own = _refusal(
            $.book.head,
            $.book.accounts[from].word,
            $.book.accounts[to].word,
            amount
        );
        if (own != 0) return own;
        (, bytes4 reason) = COMPLIANCE.canTransfer(address(this), from, to, amount);
        return reason;
    }

    /// @dev The token's own permission rules, the same for the transfer and for the view: zero, or the error's selector.
    function _refusal(
        Head head,
        Account sender,
        Account receiver,
        uint256 amount
    ) internal pure returns (bytes4) {
        if (head.isPaused()) return EnforcedPause.selector;
        if (sender.isFrozen()) return ERC7943CannotSend.selector;
        if (receiver.isFrozen()) return ERC7943CannotReceive.selector;
        if (amount <= sender.balance() && amount > _unfrozen(sender))
            return ERC7943InsufficientUnfrozenBalance.selector;
        return 0;
    }

    function _unfrozen(Account account) internal pure returns (uint256) {
        uint256 held = account.balance();
        uint256 frozen = account.frozenTokens();
        return held > frozen ? held - frozen : 0;
    }

    function _layout() internal pure returns (Layout storage $) {
        bytes32 slot = LAYOUT_SLOT;
        assembly ("memory-safe") {
            $.slot := slot
        }
    }
}
