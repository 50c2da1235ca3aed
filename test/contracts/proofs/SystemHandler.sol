// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CashActions} from "./CashActions.sol";

/// @title Everybody at once: one random action after another.
contract SystemHandler is CashActions {
    /// @dev The actions by their number, as often as they come: holders and cash more than rules.
    bytes private constant MIX =
        hex"0000000000000000000101010101020303030404040405050506060607070708090909090a0a0b0b0b0b0c0c0c"
        hex"0d0d0d0d0e0f10111213131414151515161616171717171717171717171717171717171818181818181919191a"
        hex"1a1a1b1b1b1b1c1c1c1c1c1d1e1f1f1f1f1f202020202121212122222323232424";

    constructor(uint256 seed) {
        _setUpSystem(seed);
    }

    /// @notice One action, drawn from the mix.
    function act(uint256 seed) external {
        uint256 drawn = uint256(keccak256(abi.encode(seed)));
        Action action = Action(uint8(MIX[drawn % MIX.length]));
        (bool done, bytes memory reason) = address(this).call(
            abi.encodeWithSelector(_selectorOf(action), drawn)
        );
        if (done) return;
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    /// @notice [K1] Some transfers that nobody has made, tried and taken back.
    function probeTransfers(uint256 seed) external {
        for (uint256 i = 0; i < 4; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 d = 1 + (seed % DEALS);
            uint256 c = (seed >> 8) % deals[d].classes;
            address from = wallets[(seed >> 16) % WALLETS];
            // One in sixteen goes to somebody who is unknown.
            address to = (seed >> 32) % 16 == 0 ? STRANGER : wallets[(seed >> 24) % WALLETS];
            uint256 held = books[d][c].token.balanceOf(from);
            checkProbe(d, c, from, to, (seed >> 64) % (held + held / 8 + 2));
            probes++;
        }
    }

    function _selectorOf(Action action) private pure returns (bytes4) {
        bytes4[37] memory selectors = [
            this.transfer.selector,
            this.transferFrom.selector,
            this.approve.selector,
            this.permit.selector,
            this.batchTransfer.selector,
            this.force.selector,
            this.freezeWallet.selector,
            this.freezeFace.selector,
            this.freezeIdentity.selector,
            this.recover.selector,
            this.pause.selector,
            this.link.selector,
            this.unlink.selector,
            this.attest.selector,
            this.revoke.selector,
            this.setRequirements.selector,
            this.listCountry.selector,
            this.lockUp.selector,
            this.setVenue.selector,
            this.exempt.selector,
            this.fund.selector,
            this.report.selector,
            this.replace.selector,
            this.distribute.selector,
            this.claim.selector,
            this.claimBatch.selector,
            this.claimTo.selector,
            this.withdrawPayee.selector,
            this.blockReceiver.selector,
            this.stray.selector,
            this.returnStray.selector,
            this.advance.selector,
            this.challenge.selector,
            this.answer.selector,
            this.declareLate.selector,
            this.pauseReports.selector,
            this.tryBackDoor.selector
        ];
        return selectors[uint256(action)];
    }
}
