// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HolderCap} from "../../../contracts/compliance/HolderCap.sol";

/// @title The cap's arithmetic against exact fractions, for any number of classes.
contract HolderCapTest {
    using HolderCap for HolderCap.Book;

    bytes32 private constant HOLDER = "holder";
    uint256 private constant MAX_FACE = type(uint48).max;

    HolderCap.Book private book;

    /// @notice A value is never below the exact one's whole cents, and never a cent and more above; whole cents are exact.
    function testFuzz_ValueIsExactToTheCent(uint256 seed, uint8 count, bool whole) public {
        uint256 classes = 1 + (count % 16);
        (uint64[] memory faces, uint64[] memory balances) = draw(seed, classes, whole);
        book.setValuation(balances, faces, 10_000);
        uint256 floor;
        uint256 ceiling;
        for (uint256 c = 0; c < classes; c++) {
            uint256 held =
                uint256(keccak256(abi.encode(seed, "held", c))) % (uint256(faces[c]) + 1);
            book.add(HOLDER, c, held);
            uint256 product = held * balances[c];
            floor += product / faces[c];
            ceiling += (product + faces[c] - 1) / faces[c];
        }
        uint256 value = book.principalWith(HOLDER, classes, 0, 0);
        require(value >= floor && value <= ceiling, "value");
        if (floor == ceiling) require(value == floor, "whole cents");
    }

    /// @notice The limit is the share of the balances' sum, and a cap is exceeded exactly when the value is above it.
    function testFuzz_CapIsAskedOfTheValueAfter(
        uint256 seed,
        uint8 count,
        uint16 bps,
        uint48 added
    ) public {
        uint256 classes = 1 + (count % 16);
        uint256 class = seed % classes;
        (uint64[] memory faces, uint64[] memory balances) = draw(seed, classes, false);
        bps = bps % 10_001;
        book.setValuation(balances, faces, bps);
        uint256 total;
        for (uint256 c = 0; c < classes; c++) total += balances[c];
        require(book.limit() == (total * bps) / 10_000, "limit");
        uint256 room = MAX_FACE - added;
        uint256 held = room == 0 ? 0 : uint256(keccak256(abi.encode(seed))) % room;
        book.add(HOLDER, class, held);
        uint256 after_ = book.principalWith(HOLDER, classes, class, added);
        uint256 excess = book.excess(HOLDER, classes, class, added);
        bool exceeded = added != 0 && after_ > book.limit();
        require(excess == (exceeded ? after_ : 0), "excess");
        book.add(HOLDER, class, added);
        require(book.principalWith(HOLDER, classes, class, 0) == after_, "value after");
        book.setExempt(HOLDER, true);
        require(book.excess(HOLDER, classes, class, 1) == 0, "exempt");
        require(book.faceOf(HOLDER, class) == held + added, "exemption moved the face");
    }

    /// @notice Lanes don't touch each other.
    function testFuzz_LanesAreApart(uint256 seed) public {
        uint256[16] memory held;
        book.setExempt(HOLDER, true);
        for (uint256 i = 0; i < 48; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 c = seed % 16;
            if (held[c] != 0 && seed & 256 != 0) {
                uint256 less = (seed >> 16) % (held[c] + 1);
                book.subtract(HOLDER, c, less);
                held[c] -= less;
            } else {
                uint256 more = (seed >> 16) % (MAX_FACE - held[c] + 1);
                book.add(HOLDER, c, more);
                held[c] += more;
            }
            for (uint256 k = 0; k < 16; k++) require(book.faceOf(HOLDER, k) == held[k], "lane");
        }
        require(book.isExempt(HOLDER), "exemption lost");
    }

    /// @notice A view may ask for any amount: nothing overflows.
    function testFuzz_NoAmountReverts(uint256 amount, uint8 class) public {
        (uint64[] memory faces, uint64[] memory balances) = draw(amount, 16, false);
        book.setValuation(balances, faces, 500);
        book.excess(HOLDER, 16, class % 16, amount);
        book.principalWith(HOLDER, 16, class % 16, amount);
    }

    function draw(
        uint256 seed,
        uint256 classes,
        bool whole
    ) private pure returns (uint64[] memory faces, uint64[] memory balances) {
        faces = new uint64[](classes);
        balances = new uint64[](classes);
        for (uint256 c = 0; c < classes; c++) {
            uint256 word = uint256(keccak256(abi.encode(seed, c)));
            faces[c] = uint64(1 + (word % MAX_FACE));
            // Whole: nothing repaid, or all of it.
            uint256 part = (word >> 64) % (uint256(faces[c]) + 1);
            balances[c] = whole ? (word & 1 == 0 ? faces[c] : 0) : uint64(part);
        }
    }
}
