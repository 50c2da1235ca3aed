// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {DistributorHandler} from "./DistributorHandler.sol";

/// @title What holds whatever anybody does, in any order, over two deals.
contract DistributorInvariantsTest is Test {
    DistributorHandler private handler;

    function setUp() public {
        handler = new DistributorHandler();
        targetContract(address(handler));
    }

    /// @dev [C4] [C15] [U3] What the deals' ledgers hold is what the contract holds, donations apart.
    function invariant_ledgersSumToTheCash() public view {
        uint256 held = handler.donatedUnits();
        for (uint64 deal = 1; deal <= handler.DEALS(); deal++) held += handler.heldUnits(deal);
        assertEq(held, handler.cash().balanceOf(address(handler.distributor())));
    }

    /// @dev [W3] [C1] [U3] Each deal's cash in = cash held + claims + payees, by deal.
    function invariant_everyDealKeepsItsOwnCash() public view {
        for (uint64 deal = 1; deal <= handler.DEALS(); deal++) {
            assertEq(
                handler.fundedUnits(deal),
                handler.heldUnits(deal) + handler.claimedUnits(deal) + handler.payeeUnits(deal)
            );
        }
    }

    /// @dev [C1] [C2] The holders are never owed more than is escrowed for them.
    function invariant_entitlementsAreEscrowed() public view {
        for (uint64 deal = 1; deal <= handler.DEALS(); deal++) {
            assertLe(handler.entitledUnits(deal), handler.unclaimedUnits(deal));
        }
    }

    /// @dev [C1] When everybody has claimed, less than a unit a holder and class is left in escrow.
    function afterInvariant() public {
        for (uint64 deal = 1; deal <= handler.DEALS(); deal++) {
            for (uint8 payee = 0; payee < 3; payee++) handler.setPayeeHabit(deal - 1, payee, false);
            handler.claimEverything(deal);
            assertLe(handler.unclaimedUnits(deal), 3 * (3 * 2 + 2));
        }
    }
}
