// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDealFactory} from "../interfaces/IDealFactory.sol";
import {Bounds, TermsBounds} from "./TermsBounds.sol";
import {TermsExpressions} from "./TermsExpressions.sol";

/// @title Checks what classes, fees, caps, accounts, indices and notices name.
library TermsParties {
    using TermsBounds for bytes;

    uint256 private constant NONE = 0xff;
    uint256 private constant MAX_FACE = type(uint48).max;
    uint256 private constant MAX_FEED_DECIMALS = 18;

    uint256 private constant RATE = 1;
    uint256 private constant FIXED = 2;
    uint256 private constant AMOUNT = 3;

    /// @dev The kind of notice that nobody gives.
    uint256 private constant SERVICER_DEFAULT = 3;

    /// @notice Reverts with the first party that names what the deal lacks.
    function check(bytes calldata terms, Bounds memory b) internal pure {
        b.refused = TermsExpressions.IN_COUPONS;
        uint256 place = terms.field(18, 2);
        for (uint256 i = 0; i < b.classes; ++i) _checkClass(terms, b, i, place + 32 * i);
        b.refused = TermsExpressions.IN_FEES;
        place = terms.field(20, 2);
        for (uint256 i = 0; i < b.fees; ++i) _checkFee(terms, b, i, place + 32 * i);
        place = terms.field(22, 2);
        for (uint256 i = 0; i < b.caps; ++i) {
            uint256 year = terms.field(place + 16 * i + 8, 1);
            require(year != 0 && year < 4, IDealFactory.CapTermsInvalid(i));
        }
        place = terms.field(24, 2);
        for (uint256 i = 0; i < b.accounts; ++i) {
            bool fits = terms.field(place + 16 * i + 11, 1) <= b.figures;
            require(fits, IDealFactory.AccountTermsInvalid(i));
        }
        place = terms.field(30, 2);
        for (uint256 i = 0; i < b.bases; ++i) {
            require(terms.field(place + 4 * i, 4) != 0, IDealFactory.BasisTermsInvalid(i));
        }
        _checkInputs(terms, b);
    }

    function _checkClass(
        bytes calldata terms,
        Bounds memory b,
        uint256 index,
        uint256 place
    ) private pure {
        uint256 face = terms.field(place, 8);
        require(face != 0 && face <= MAX_FACE, IDealFactory.FaceInvalid(index, face));
        uint256 rounding = terms.field(place + 17, 1);
        bool fits =
            terms.field(place + 16, 1) < b.bases &&
                rounding != 0 &&
                rounding < 4 &&
                _orderFits(terms.field(place + 19, 3));
        require(fits, IDealFactory.ClassTermsInvalid(index));
        TermsExpressions.checkOptional(terms, b, terms.field(place + 23, 2));
        TermsExpressions.checkOptional(terms, b, terms.field(place + 30, 2));
    }

    /// @dev Six nibbles: the first three components in any order, the two others where they are wanted, none twice.
    function _orderFits(uint256 order) private pure returns (bool) {
        uint256 seen = 0;
        for (uint256 shift = 24; shift != 0;) {
            shift -= 4;
            uint256 component = (order >> shift) & 0xf;
            if (component == 0) return order & ((1 << shift) - 1) == 0 && seen & 0xe == 0xe;
            if (component > 5 || (seen >> component) & 1 != 0) return false;
            seen |= 1 << component;
        }
        return false;
    }

    function _checkFee(
        bytes calldata terms,
        Bounds memory b,
        uint256 index,
        uint256 place
    ) private pure {
        uint256 payee = terms.field(place + 3, 1);
        require(payee < b.payees, IDealFactory.FeePayeeInvalid(index, payee));
        uint256 kind = terms.field(place, 1);
        uint256 figure = terms.field(place + 12, 1);
        uint256 cap = terms.field(place + 13, 1);
        uint256 pointer = terms.field(place + 16, 2);
        bool stated = pointer != TermsExpressions.ABSENT;
        bool fits =
            terms.field(place + 1, 1) < b.bases &&
                (figure == NONE || figure < b.figures) &&
                (cap == NONE || cap < b.caps) &&
                ((kind == RATE && stated == (figure == NONE)) ||
                    (kind == FIXED && !stated) ||
                    (kind == AMOUNT && stated));
        require(fits, IDealFactory.FeeTermsInvalid(index));
        TermsExpressions.checkOptional(terms, b, pointer);
    }

    function _checkInputs(bytes calldata terms, Bounds memory b) private pure {
        uint256 place = terms.field(84, 2);
        uint256 indices = terms.field(61, 1);
        for (uint256 i = 0; i < indices; ++i) {
            uint256 unit = terms.field(place + 3, 1);
            bool fits = terms.field(place + 2, 1) <= MAX_FEED_DECIMALS && unit != 0 && unit < 3;
            require(fits, IDealFactory.IndexTermsInvalid(i));
            place += 16;
        }
        place = terms.field(86, 2);
        for (uint256 i = 0; i < b.notices; ++i) {
            uint256 kind = terms.field(place + 3, 1);
            uint256 giver = terms.field(place + 2, 1);
            bool fits =
                kind == SERVICER_DEFAULT
                    ? giver == NONE
                    : giver < b.payees && kind != 0 && kind < SERVICER_DEFAULT;
            require(fits, IDealFactory.NoticeTermsInvalid(i));
            place += 4;
        }
    }
}
