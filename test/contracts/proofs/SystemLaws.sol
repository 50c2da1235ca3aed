// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrancheToken} from "../../../contracts/interfaces/ITrancheToken.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SystemSetup} from "./SystemSetup.sol";
import {TestCash} from "./TestCash.sol";
import {VM} from "../Vm.sol";

/// @title What holds whatever anybody has done.
abstract contract SystemLaws is SystemSetup {
    /// @dev A fraction of a cash unit is 2^-24.
    uint256 private constant FRACTION_BITS = 24;

    error Probed(bool passed, bytes4 reason);

    /// @notice [W3] [C1] [C15] [U3] [U4] Each deal: cash in = cash held + claims + payees, to the unit; all deals of a cash
    ///  token together: what the contract holds, strays apart.
    function checkConservation() public view {
        for (uint256 d = 1; d <= DEALS; d++) {
            uint256 out = heldUnits(d) + receivedByPayees(d);
            for (uint256 c = 0; c < deals[d].classes; c++) out += books[d][c].claimed;
            VM.assertEq(out, deals[d].unitsIn, "a deal's cash in and out");
        }
        for (uint256 d = 1; d <= DEALS; d++) {
            TestCash cash = deals[d].cash;
            uint256 held = 0;
            for (uint256 other = 1; other <= DEALS; other++) {
                if (address(deals[other].cash) == address(cash)) held += heldUnits(other);
            }
            VM.assertEq(held, distributor.heldFor(address(cash)), "held for the deals of a token");
            held += strayUnits[cash];
            VM.assertEq(held, cash.balanceOf(address(distributor)), "deals and strays");
        }
    }

    /// @notice [C1] [C2] [C8] [C10] Of each class: funded = claimed + owed + carried remainder, to the fraction of a unit;
    ///  whole units owed are below the escrow by less than a unit per holder and kind and the remainder.
    function checkEscrow() public view {
        for (uint256 d = 1; d <= DEALS; d++) {
            for (uint256 c = 0; c < deals[d].classes; c++) _checkEscrow(d, c);
        }
    }

    function _checkEscrow(uint256 d, uint256 c) private view {
        ITrancheToken token = books[d][c].token;
        (uint64 dealId, uint256 escrow) = distributor.escrowOf(address(token));
        VM.assertEq(dealId, d, "deal of the class");
        VM.assertLe(books[d][c].claimed, books[d][c].funded, "claimed at most funded");
        VM.assertEq(escrow, books[d][c].funded - books[d][c].claimed, "escrow");
        ITrancheToken.IndexEntry memory entry = token.indexAt(token.lastFundedPeriod());
        uint256 remainder = uint256(entry.interestRemainder) + entry.principalRemainder;
        uint256 fractions = remainder;
        uint256 units = 0;
        for (uint256 w = 0; w < WALLETS; w++) {
            (uint256 interest, uint256 principal) = token.owedFractionsOf(wallets[w]);
            fractions += interest + principal;
            units += (interest >> FRACTION_BITS) + (principal >> FRACTION_BITS);
        }
        VM.assertEq(fractions, escrow << FRACTION_BITS, "to the fraction of a unit");
        uint256 dust = 2 * WALLETS + (remainder >> FRACTION_BITS) + 1;
        VM.assertLe(escrow, units + dust, "entitlements within dust of the funding");
    }

    /// @notice [C2] [C3] [C4] [C6] [C7] [C9] [C10] What each wallet is owed is what the brute-force model says: its share of
    ///  each funding, by what it held at that period's record time.
    function checkModel() public view {
        for (uint256 d = 1; d <= DEALS; d++) {
            for (uint256 c = 0; c < deals[d].classes; c++) {
                ITrancheToken token = books[d][c].token;
                for (uint256 w = 0; w < WALLETS; w++) {
                    (uint256 interest, uint256 principal) = token.owedFractionsOf(wallets[w]);
                    (uint256 first, uint256 second) = books[d][c].model.owedOf(w);
                    VM.assertEq(interest, first, "interest owed");
                    VM.assertEq(principal, second, "principal owed");
                    uint256 balance = token.balanceOf(wallets[w]);
                    VM.assertEq(balance, books[d][c].model.balanceOf(w), "balance");
                }
            }
        }
    }

    /// @notice [K1] [C16] [W10] The faces booked for the identities are what their wallets hold and sum to the supply, which
    ///  is what was issued; the record window is the calendar's.
    function checkBooks() public view {
        for (uint256 d = 1; d <= DEALS; d++) {
            uint256[] memory total = new uint256[](deals[d].classes);
            for (uint256 i = 0; i < IDENTITIES; i++) {
                uint64[] memory faces = compliance.holdingOf(uint64(d), identityId(i));
                for (uint256 c = 0; c < faces.length; c++) {
                    uint256 held = 0;
                    for (uint256 w = 0; w < WALLETS; w++) {
                        if (identityOf[w] == i) held += books[d][c].model.balanceOf(w);
                    }
                    VM.assertEq(faces[c], held, "face booked for the identity");
                    total[c] += faces[c];
                }
            }
            for (uint256 c = 0; c < total.length; c++) {
                VM.assertEq(total[c], books[d][c].supply, "identities sum to the supply");
                VM.assertEq(books[d][c].token.totalSupply(), total[c], "supply as issued");
                VM.assertEq(books[d][c].token.recordPeriod(), deals[d].window, "record window");
            }
        }
    }

    /// @notice [T3] [R3] [W1] The history of a deal is what its runs have made it, and nothing else has touched it.
    function checkHistory() public view {
        for (uint256 d = 1; d <= DEALS; d++) {
            bytes32 history = distributor.historyHash(uint64(d));
            VM.assertEq(history, deals[d].history, "history of runs");
            (, uint16 lastPeriod, , , ) = distributor.stateOf(uint64(d));
            VM.assertEq(lastPeriod, deals[d].distributed, "last period");
        }
    }

    /// @notice [K1] `canTransfer` is true exactly when a covered transfer passes; ERC-1404 says the same.
    function checkProbe(uint256 d, uint256 c, address from, address to, uint256 amount) public {
        ITrancheToken token = books[d][c].token;
        bool allowed = token.canTransfer(from, to, amount);
        uint8 code = token.detectTransferRestriction(from, to, amount);
        VM.assertEq(allowed, code == 0, "ERC-1404 agrees");
        bool covered = amount <= token.balanceOf(from);
        (bool passed, bytes4 reason) = _probe(token, from, to, amount);
        VM.assertEq(passed, allowed && covered, "canTransfer is transfer");
        // What the rules allow can only be short of balance.
        bool isShort = reason == IERC20Errors.ERC20InsufficientBalance.selector;
        VM.assertTrue(isShort || passed || !allowed, "short of balance");
    }

    function _probe(
        ITrancheToken token,
        address from,
        address to,
        uint256 amount
    ) private returns (bool passed, bytes4 reason) {
        try this.probe(token, from, to, amount) {
            revert("a probe returns by its error");
        } catch (bytes memory found) {
            require(bytes4(found) == Probed.selector, "probe");
            assembly ("memory-safe") {
                passed := mload(add(found, 36))
                reason := mload(add(found, 68))
            }
        }
    }

    /// @notice Tries a transfer and takes it back.
    function probe(ITrancheToken token, address from, address to, uint256 amount) external {
        VM.prank(from);
        try token.transfer(to, amount) {
            revert Probed(true, 0);
        } catch (bytes memory reason) {
            revert Probed(false, bytes4(reason));
        }
    }

    /// @notice What the ledger says it holds for a deal, in units.
    function heldUnits(uint256 d) public view returns (uint256) {
        (
            uint256 collections,
            uint256 accounts,
            uint256 unclaimed,
            uint256 owed,
            uint256 carry
        ) = distributor.cashOf(uint64(d));
        return (collections + accounts + owed + carry) * deals[d].scale + unclaimed;
    }

    /// @notice What a deal's payees have received, in units.
    function receivedByPayees(uint256 d) public view returns (uint256 units) {
        for (uint256 i = 0; i < deals[d].payees; i++) {
            units += deals[d].cash.balanceOf(payeeOf(d, i));
        }
    }
}
