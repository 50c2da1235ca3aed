// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Changes compiled terms in place: another calendar, other faces, another cash token.
library TermsEdits {
    /// @notice Reads `size` bytes at `offset`, big-endian.
    function field(
        bytes memory terms,
        uint256 offset,
        uint256 size
    ) internal pure returns (uint256 value) {
        for (uint256 i = 0; i < size; i++) value = (value << 8) | uint8(terms[offset + i]);
    }

    /// @notice Writes `value` into `size` bytes at `offset`, big-endian.
    function put(bytes memory terms, uint256 offset, uint256 value, uint256 size) internal pure {
        for (uint256 i = 0; i < size; i++) {
            terms[offset + i] = bytes1(uint8(value >> (8 * (size - 1 - i))));
        }
    }

    /// @notice Draws a calendar: windows from one second to a month, payments a second to a week after the record time,
    ///  grace up to a day.
    /// @param least seconds that a record time is behind the payment before it, at least
    function drawCalendar(
        bytes memory terms,
        uint256 closing,
        uint256 least,
        uint256 seed
    ) internal pure {
        uint256 grace = draw(seed, "grace") % 2 == 0 ? 0 : draw(seed, "seconds") % 1 days;
        put(terms, 46, closing, 5);
        put(terms, 53, grace, 4);
        uint256 row = field(terms, 40, 2);
        uint256 stride = field(terms, 15, 1);
        uint256 determination = 0;
        uint256 earliest = closing + 1;
        for (uint256 period = field(terms, 16, 2); period != 0; period--) {
            seed = draw(seed, "period");
            uint256 record = earliest + least + (seed % 4 == 0 ? seed % 3 : (seed >> 8) % 20 days);
            uint256 payment = record + 1 + (seed % 5 == 0 ? seed % 2 : (seed >> 64) % 7 days);
            // The collection period may end before the record time or after it.
            uint256 first = determination + 1;
            if (payment > first + 8 days) first = payment - 8 days;
            determination = first + ((seed >> 128) % (payment - first + 1));
            put(terms, row, determination, 5);
            put(terms, row + 5, record, 5);
            put(terms, row + 10, payment, 5);
            earliest = payment + grace + 1;
            row += stride;
        }
    }

    /// @notice Draws the classes' faces up to `most` cents, and the pool that they are issued against.
    function drawFaces(bytes memory terms, uint256 most, uint256 seed) internal pure {
        uint256 place = field(terms, 18, 2);
        uint256 total = 0;
        for (uint256 i = 0; i < field(terms, 1, 1); i++) {
            seed = draw(seed, "face");
            uint256 face = 1 + (seed % most);
            put(terms, place + 32 * i, face, 8);
            total += face;
        }
        put(terms, 64, total, 8);
    }

    /// @notice Reports may be challenged for a third of the shortest time between payments, and answered for another; first
    ///  payee trustee, second verifier. Where payments are too close, reports are final at once.
    function putChallenges(bytes memory terms) internal pure {
        uint256 row = field(terms, 40, 2);
        uint256 stride = field(terms, 15, 1);
        uint256 shortest = 6 days;
        for (uint256 period = field(terms, 16, 2); period > 1; period--) {
            uint256 gap = field(terms, row + stride + 10, 5) - field(terms, row + 10, 5);
            if (gap < shortest) shortest = gap;
            row += stride;
        }
        if (shortest < 3) return;
        uint256 place = field(terms, 92, 2);
        put(terms, place + 8, shortest / 3, 4);
        put(terms, place + 12, shortest / 3, 4);
        put(terms, place + 18, 1, 1);
        put(terms, place + 19, 0, 1);
    }

    /// @notice What the originator deposits at closing into an account, in cents.
    function putDeposit(bytes memory terms, uint256 account, uint256 cents) internal pure {
        put(terms, field(terms, 24, 2) + 16 * account + 1, cents, 8);
    }

    function draw(uint256 seed, bytes32 what) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, what)));
    }
}
