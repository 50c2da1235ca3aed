// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {IVenue} from "../interfaces/IVenue.sol";
import {Credentials} from "./Credentials.sol";
import {HolderCap} from "./HolderCap.sol";
import {ClassWord} from "./RegistryWords.sol";

/// @title The venues of each deal, and what the cap sees through them.
/// @dev A venue is somebody else's code, and gets no more than a bounded call that can change nothing. A deal without venues
///  pays for none of it: the class's word, which every transfer loads, says whether there are any.
abstract contract DealVenues is Credentials {
    using HolderCap for HolderCap.Book;

    uint256 private constant MAX_VENUES = 4;
    /// @dev What a venue may use to answer, and what must be there for it to get that much (63/64, a cold account).
    uint256 private constant VENUE_GAS = 50_000;
    uint256 private constant GAS_NEEDED = 56_000;
    /// @dev No supply is as large.
    uint256 private constant FACE_BITS = 48;
    /// @dev Instead of a face.
    uint256 private constant UNREADABLE = 1 << 255;

    /// @inheritdoc IComplianceRegistry
    function setDealVenue(
        uint64 dealId,
        address venue,
        bool listed,
        bytes32 reason
    ) external restricted {
        Deal storage deal = _layout().deals[dealId];
        if (deal.code == address(0)) revert DealUnknown(dealId);
        // In its place, or else the first that is free, or none.
        uint256 free = MAX_VENUES;
        uint256 place = MAX_VENUES;
        uint256 count = 0;
        for (uint256 v = 0; v < MAX_VENUES; ++v) {
            address known = deal.venues[v];
            if (known == venue) place = v;
            if (known != address(0)) ++count;
            else if (free == MAX_VENUES) free = v;
        }
        if (listed == (place != MAX_VENUES)) return;
        if (listed) {
            if (!_wordOf(venue).isVenue()) revert VenueUnknown(venue);
            if (free == MAX_VENUES) revert TooManyVenues(dealId);
            deal.venues[free] = venue;
        } else {
            deal.venues[place] = address(0);
        }
        for (uint256 c = 0; c < deal.tokens.length; c++) {
            address token = deal.tokens[c];
            _layout().classes[token] = _layout().classes[token].withLookThrough(
                listed || count > 1
            );
        }
        emit DealVenueSet(dealId, venue, listed);
        _acted(reason);
    }

    /// @inheritdoc IComplianceRegistry
    function venuesOf(uint64 dealId) external view returns (address[4] memory) {
        return _layout().deals[dealId].venues;
    }

    /// @inheritdoc IComplianceRegistry
    function principalWithVenues(
        uint64 dealId,
        bytes32 identityId,
        uint256 classIndex,
        uint256 added
    ) external view returns (uint256 principal, bool readable) {
        return _principalWithVenues(dealId, identityId, classIndex, added);
    }

    /// @dev Zero, or the selector of the error, when the identity would hold `added` cents of face of the class more, and
    ///  what it would hold then. What it holds itself is asked first: that needs no venue.
    function _capRefusal(
        ClassWord class,
        bytes32 identityId,
        uint256 added
    ) internal view returns (bytes4 reason, uint256 principal) {
        uint64 dealId = class.dealId();
        uint256 index = class.classIndex();
        HolderCap.Book storage book = _layout().books[dealId];
        principal = book.excess(identityId, class.classCount(), index, added);
        if (principal != 0) return (HolderCapExceeded.selector, principal);
        if (!class.looksThrough() || !book.isAsked(identityId, added)) return (0, 0);
        bool readable;
        (principal, readable) = _principalWithVenues(dealId, identityId, index, added);
        if (!readable) reason = VenueUnreadable.selector;
        else if (principal > book.limit()) reason = HolderCapExceeded.selector;
    }

    /// @dev Reverts with what `_capRefusal` has found.
    function _refuseCap(
        bytes4 reason,
        ClassWord class,
        bytes32 identityId,
        uint256 principal
    ) internal view {
        uint64 dealId = class.dealId();
        if (reason == VenueUnreadable.selector) revert VenueUnreadable(dealId, identityId);
        revert HolderCapExceeded(identityId, principal, _layout().books[dealId].limit());
    }

    /// @dev Cents of current principal, rounded down once, of the identity's wallets, of `added` and of the venues; false if
    ///  one of them doesn't say.
    function _principalWithVenues(
        uint64 dealId,
        bytes32 identityId,
        uint256 classIndex,
        uint256 added
    ) private view returns (uint256 principal, bool readable) {
        Deal storage deal = _layout().deals[dealId];
        if (added > type(uint48).max) added = type(uint48).max;
        // Nothing overflows: sixteen times the product of six lanes of 48 bits and one of 64.
        unchecked {
            for (uint256 c = 0; c < deal.tokens.length; ++c) {
                uint256 face = _faceThroughVenues(deal, c, identityId);
                if (face == UNREADABLE) return (0, false);
                if (c == classIndex) face += added;
                principal += _layout().books[dealId].scaled(identityId, c, face);
            }
        }
        return (HolderCap.cents(principal), true);
    }

    function _faceThroughVenues(
        Deal storage deal,
        uint256 classIndex,
        bytes32 identityId
    ) private view returns (uint256 face) {
        address token = deal.tokens[classIndex];
        for (uint256 v = 0; v < MAX_VENUES; ++v) {
            address venue = deal.venues[v];
            if (venue == address(0)) continue;
            uint256 through = _faceThrough(venue, token, identityId);
            if (through == UNREADABLE) return UNREADABLE;
            face += through;
        }
    }

    /// @dev One word is taken of what comes back, so that a long answer costs nothing. With too little gas to ask in earnest
    ///  the call ends as one that is out of gas: a view and a transfer never differ by what the caller sends along.
    function _faceThrough(
        address venue,
        address token,
        bytes32 identityId
    ) private view returns (uint256 face) {
        bytes4 selector = IVenue.beneficialFaceOf.selector;
        assembly ("memory-safe") {
            if lt(gas(), GAS_NEEDED) {
                invalid()
            }
            let query := mload(0x40)
            mstore(query, selector)
            mstore(add(query, 4), token)
            mstore(add(query, 36), identityId)
            let said := staticcall(VENUE_GAS, venue, query, 68, 0, 32)
            face := mload(0)
            if iszero(and(and(said, eq(returndatasize(), 32)), iszero(shr(FACE_BITS, face)))) {
                face := UNREADABLE
            }
        }
    }
}
