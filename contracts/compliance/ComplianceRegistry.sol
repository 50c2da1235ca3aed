// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {DealTerms} from "../deals/DealTerms.sol";
import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {HolderCap} from "./HolderCap.sol";

/// @title Who may hold what (see IComplianceRegistry).
/// @dev Enforcement and the views take one path, `_assess`. The links to factory and distributor are set once, at
///  initialisation, which is cheaper than asking the role book; people act through the AccessManager.
contract ComplianceRegistry is IComplianceRegistry, AccessManagedUpgradeable, UUPSUpgradeable {
    using HolderCap for HolderCap.Book;

    uint256 private constant FROZEN = 1 << 56;
    uint256 private constant KNOWN = 1 << 57;
    uint256 private constant MORE_COUNTRIES = 1 << 80;
    uint256 private constant COUNTRIES_SHIFT = 96;

    /// @dev identities, from the low bits: kycExpiry u40 | country u16 | flags u8 (1 frozen, 2 known). classes: dealId u64 |
    ///  classIndex u8 | classCount u8 | flags u8 (1 = more blocked countries than listed here) | u8 zero | ten blocked
    ///  countries u16, no gaps; zero for an unknown token.
    /// @custom:storage-location erc7201:penstock.storage.ComplianceRegistry
    struct Layout {
        mapping(address wallet => bytes32) identityOf;
        mapping(bytes32 identityId => uint256) identities;
        mapping(address token => uint256) classes;
        mapping(uint256 dealId => HolderCap.Book) books;
        mapping(uint64 dealId => Deal) deals;
        uint64[] dealIds;
    }

    /// @dev blockedCountries: bit country % 256 of word country / 256.
    struct Deal {
        address code;
        address[] tokens;
        mapping(uint256 word => uint256) blockedCountries;
    }

    // keccak256(abi.encode(uint256(keccak256("penstock.storage.ComplianceRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant LAYOUT_SLOT =
        0x864969e5c34fd48e772765a5e70ac1ba9a0a45338e4a179ad8f382432be0da00;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable FACTORY;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable DISTRIBUTOR;

    /// @param factory DealFactory, which registers deals
    /// @param distributor WaterfallDistributor, which reports balances
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address factory, address distributor) {
        (FACTORY, DISTRIBUTOR) = (factory, distributor);
        _disableInitializers();
    }

    /// @notice Sets up a new proxy.
    /// @param authority AccessManager
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @inheritdoc IComplianceRegistry
    function onTransfer(address from, address to, uint256 amount) external {
        _onTransfer(from, to, amount, false);
    }

    /// @inheritdoc IComplianceRegistry
    function onForcedTransfer(address from, address to, uint256 amount) external {
        _onTransfer(from, to, amount, true);
    }

    /// @inheritdoc IComplianceRegistry
    function canTransfer(
        address token,
        address from,
        address to,
        uint256 amount
    ) external view returns (bool ok, bytes4 reason) {
        uint256 class = _layout().classes[token];
        if (class == 0) return (false, TokenUnknown.selector);
        (reason, , ) = _assess(class, from, to, amount, false);
        ok = reason == 0;
    }

    /// @inheritdoc IComplianceRegistry
    function canSend(address account) external view returns (bool) {
        Layout storage $ = _layout();
        return _senderRefusal($.identities[$.identityOf[account]]) == 0;
    }

    /// @inheritdoc IComplianceRegistry
    function canReceive(address token, address account) external view returns (bool) {
        Layout storage $ = _layout();
        uint256 class = $.classes[token];
        if (class == 0) return false;
        return _receiverRefusal(class, $.identities[$.identityOf[account]]) == 0;
    }

    /// @inheritdoc IComplianceRegistry
    function registerDeal(uint64 dealId, address code, address[] calldata tokens) external {
        Layout storage $ = _layout();
        if (msg.sender != FACTORY) revert FactoryOnly(msg.sender);
        if ($.deals[dealId].code != address(0)) revert DealAlreadyRegistered(dealId);
        (uint64[] memory faces, uint256 capBps) = _capTerms(code);
        if (tokens.length != faces.length) revert ClassCountMismatch(tokens.length, faces.length);
        $.deals[dealId].code = code;
        $.deals[dealId].tokens = tokens;
        $.dealIds.push(dealId);
        for (uint256 c = 0; c < tokens.length; c++) {
            if ($.classes[tokens[c]] != 0) revert TokenAlreadyRegistered(tokens[c]);
            $.classes[tokens[c]] = dealId | (c << 64) | (tokens.length << 72);
        }
        $.books[dealId].setValuation(faces, faces, capBps);
    }

    /// @inheritdoc IComplianceRegistry
    function setBalances(uint64 dealId, address code, uint64[] calldata balances) external {
        if (msg.sender != DISTRIBUTOR) revert DistributorOnly(msg.sender);
        (uint64[] memory faces, uint256 capBps) = _capTerms(code);
        if (balances.length != faces.length)
            revert ClassCountMismatch(balances.length, faces.length);
        _layout().books[dealId].setValuation(balances, faces, capBps);
    }

    /// @inheritdoc IComplianceRegistry
    function setIdentity(bytes32 identityId, uint40 kycExpiry, uint16 country) external restricted {
        if (identityId == 0) revert IdentityNotSet(identityId);
        Layout storage $ = _layout();
        uint256 frozen = $.identities[identityId] & FROZEN;
        $.identities[identityId] = kycExpiry | (uint256(country) << 40) | frozen | KNOWN;
        emit IdentitySet(identityId, kycExpiry, country);
    }

    /// @inheritdoc IComplianceRegistry
    function setIdentityFrozen(bytes32 identityId, bool frozen) external restricted {
        uint256 record = _knownIdentity(identityId);
        _layout().identities[identityId] = frozen ? record | FROZEN : record & ~FROZEN;
        emit IdentityFreezeSet(identityId, frozen);
    }

    /// @inheritdoc IComplianceRegistry
    function linkWallet(address wallet, bytes32 identityId) external restricted {
        Layout storage $ = _layout();
        if (identityId != 0) _knownIdentity(identityId);
        bytes32 previous = $.identityOf[wallet];
        if (previous == identityId) return;
        if (previous != 0) _moveHoldings(wallet, previous, identityId);
        $.identityOf[wallet] = identityId;
        emit WalletLinked(wallet, identityId, previous);
    }

    /// @inheritdoc IComplianceRegistry
    function setCapExempt(uint64 dealId, bytes32 identityId, bool exempt) external restricted {
        _codeOf(dealId);
        _knownIdentity(identityId);
        _layout().books[dealId].setExempt(identityId, exempt);
        emit CapExemptSet(dealId, identityId, exempt);
    }

    /// @inheritdoc IComplianceRegistry
    function setCountryBlocked(uint64 dealId, uint16 country, bool blocked) external restricted {
        _codeOf(dealId);
        Layout storage $ = _layout();
        Deal storage deal = $.deals[dealId];
        uint256 bit = 1 << (country % 256);
        uint256 word = deal.blockedCountries[country / 256];
        deal.blockedCountries[country / 256] = blocked ? word | bit : word & ~bit;
        for (uint256 c = 0; c < deal.tokens.length; c++) {
            address token = deal.tokens[c];
            $.classes[token] = _withCountry($.classes[token], country, blocked);
        }
        emit CountryBlockSet(dealId, country, blocked);
    }

    /// @inheritdoc IComplianceRegistry
    function identityOf(address wallet) external view returns (bytes32) {
        return _layout().identityOf[wallet];
    }

    /// @inheritdoc IComplianceRegistry
    function identity(bytes32 identityId) external view returns (Identity memory) {
        uint256 record = _layout().identities[identityId];
        return
            Identity({
                kycExpiry: uint40(record),
                country: uint16(record >> 40),
                frozen: record & FROZEN != 0,
                known: record & KNOWN != 0
            });
    }

    /// @inheritdoc IComplianceRegistry
    function holdingOf(
        uint64 dealId,
        bytes32 identityId
    ) external view returns (uint64[] memory faces) {
        Layout storage $ = _layout();
        faces = new uint64[]($.deals[dealId].tokens.length);
        for (uint256 c = 0; c < faces.length; c++)
            faces[c] = uint64($.books[dealId].faceOf(identityId, c));
    }

    /// @inheritdoc IComplianceRegistry
    function principalHeldBy(
        uint64 dealId,
        bytes32 identityId
    ) external view returns (uint256 principal, uint256 limit) {
        Layout storage $ = _layout();
        limit = $.books[dealId].limit();
        uint256 classCount = $.deals[dealId].tokens.length;
        principal = $.books[dealId].principalWith(identityId, classCount, 0, 0);
    }

    /// @inheritdoc IComplianceRegistry
    function isCapExempt(uint64 dealId, bytes32 identityId) external view returns (bool) {
        return _layout().books[dealId].isExempt(identityId);
    }

    /// @inheritdoc IComplianceRegistry
    function isCountryBlocked(uint64 dealId, uint16 country) external view returns (bool) {
        return _isCountryBlocked(dealId, country);
    }

    function _onTransfer(address from, address to, uint256 amount, bool forced) private {
        Layout storage $ = _layout();
        uint256 class = $.classes[msg.sender];
        if (class == 0) revert TokenUnknown(msg.sender);
        (bytes4 reason, bytes32 fromId, bytes32 toId) = _assess(class, from, to, amount, forced);
        if (reason != 0) _refuse(reason, class, forced ? address(0) : from, to, amount);
        if (fromId == toId) return;
        HolderCap.Book storage book = $.books[uint64(class)];
        uint256 index = uint8(class >> 64);
        if (from != address(0)) book.subtract(fromId, index, amount);
        book.add(toId, index, amount);
    }

    /// @dev The one path of enforcement and views: the selector of the error (zero: none) and the two identities. A mint has
    ///  no sender to check.
    function _assess(
        uint256 class,
        address from,
        address to,
        uint256 amount,
        bool forced
    ) private view returns (bytes4 reason, bytes32 fromId, bytes32 toId) {
        Layout storage $ = _layout();
        if (from != address(0)) {
            fromId = $.identityOf[from];
            if (!forced) reason = _senderRefusal($.identities[fromId]);
            if (reason != 0) return (reason, fromId, toId);
        }
        toId = $.identityOf[to];
        reason = _receiverRefusal(class, $.identities[toId]);
        if (reason != 0 || fromId == toId) return (reason, fromId, toId);

        if ($.books[uint64(class)].isExceeded(toId, uint8(class >> 72), uint8(class >> 64), amount))
            reason = HolderCapExceeded.selector;
    }

    /// @dev Zero, or the selector of the error. An expired sender may still sell.
    function _senderRefusal(uint256 record) private pure returns (bytes4) {
        if (record & (KNOWN | FROZEN) == KNOWN) return 0;
        return record & KNOWN == 0 ? IdentityUnknown.selector : IdentityFrozen.selector;
    }

    /// @dev Zero, or the selector of the error.
    function _receiverRefusal(uint256 class, uint256 record) private view returns (bytes4) {
        if (record & (KNOWN | FROZEN) != KNOWN) return _senderRefusal(record);
        if (block.timestamp >= uint40(record)) return IdentityExpired.selector;
        uint256 country = uint16(record >> 40);
        for (uint256 list = class >> COUNTRIES_SHIFT; list != 0; list >>= 16)
            if (uint16(list) == country) return CountryBlocked.selector;
        if (class & MORE_COUNTRIES != 0 && _isCountryBlocked(uint64(class), uint16(country)))
            return CountryBlocked.selector;
        return 0;
    }

    /// @dev Reverts with the error of a reason that `_assess` found. `from` is zero if no sender was checked.
    function _refuse(
        bytes4 reason,
        uint256 class,
        address from,
        address to,
        uint256 amount
    ) private view {
        Layout storage $ = _layout();
        bytes32 toId = $.identityOf[to];
        if (reason == IdentityExpired.selector) revert IdentityExpired(to);
        if (reason == CountryBlocked.selector)
            revert CountryBlocked(to, uint16($.identities[toId] >> 40));
        if (reason == HolderCapExceeded.selector) {
            HolderCap.Book storage book = $.books[uint64(class)];
            uint256 principalAfter = book.principalWith(
                toId,
                uint8(class >> 72),
                uint8(class >> 64),
                amount
            );
            revert HolderCapExceeded(toId, principalAfter, book.limit());
        }
        // Unknown or frozen: whichever was checked first.
        bool isSender =
            from != address(0) && _senderRefusal($.identities[$.identityOf[from]]) == reason;
        address account = isSender ? from : to;
        if (reason == IdentityUnknown.selector) revert IdentityUnknown(account);
        revert IdentityFrozen(account);
    }

    /// @dev The class word with a country on or off its list of ten, which spares transfers a load; what doesn't fit stands in
    ///  the deal's bitmap alone, and from then on that is asked too.
    function _withCountry(
        uint256 class,
        uint256 country,
        bool blocked
    ) private pure returns (uint256) {
        uint256 rest = class >> COUNTRIES_SHIFT;
        uint256 list;
        uint256 shift;
        for (; rest != 0; rest >>= 16) {
            if (uint16(rest) == country) continue;
            list |= uint256(uint16(rest)) << shift;
            shift += 16;
        }
        if (blocked && country != 0 && shift < 160) list |= country << shift;
        else if (blocked) class |= MORE_COUNTRIES;
        return uint96(class) | (list << COUNTRIES_SHIFT);
    }

    function _isCountryBlocked(uint64 dealId, uint16 country) private view returns (bool) {
        uint256 word = _layout().deals[dealId].blockedCountries[country / 256];
        return (word >> (country % 256)) & 1 != 0;
    }

    /// @dev Moves what a wallet holds from one identity's books to another's, deal by deal. Only deals in which the old
    ///  identity holds a class are asked, so that the cost is one load for each other deal.
    function _moveHoldings(address wallet, bytes32 previous, bytes32 next) private {
        Layout storage $ = _layout();
        for (uint256 i = 0; i < $.dealIds.length; i++) {
            uint64 dealId = $.dealIds[i];
            HolderCap.Book storage book = $.books[dealId];
            address[] storage tokens = $.deals[dealId].tokens;
            for (uint256 c = 0; c < tokens.length; c++) {
                if (book.faceOf(previous, c) == 0) continue;
                uint256 face = IERC20(tokens[c]).balanceOf(wallet);
                if (face == 0) continue;
                if (next == 0) revert WalletHoldsNotes(wallet, dealId);
                book.subtract(previous, c, face);
                book.add(next, c, face);
            }
        }
    }

    /// @dev Original faces and holder cap, without decoding the whole header: this runs in every distribution.
    function _capTerms(address code) private view returns (uint64[] memory faces, uint256 capBps) {
        (uint256 a, uint256 b, ) = DealTerms.headerWords(code);
        faces = new uint64[](uint8(a >> 240));
        uint256 offset = uint16(a >> 96);
        assembly ("memory-safe") {
            // A class is one word of the terms with its face on top, behind the code's leading STOP byte.
            let place := add(faces, 32)
            let end := add(place, shl(5, mload(faces)))
            extcodecopy(code, place, add(offset, 1), sub(end, place))
            for {} lt(place, end) {
                place := add(place, 32)
            } {
                mstore(place, shr(192, mload(place)))
            }
        }
        capBps = uint16(b >> 88);
    }

    function _knownIdentity(bytes32 identityId) private view returns (uint256 record) {
        record = _layout().identities[identityId];
        if (record & KNOWN == 0) revert IdentityNotSet(identityId);
    }

    function _codeOf(uint64 dealId) private view returns (address code) {
        code = _layout().deals[dealId].code;
        if (code == address(0)) revert DealUnknown(dealId);
    }

    function _authorizeUpgrade(address) internal override restricted {}

    function _layout() private pure returns (Layout storage $) {
        bytes32 slot = LAYOUT_SLOT;
        assembly ("memory-safe") {
            $.slot := slot
        }
    }
}
