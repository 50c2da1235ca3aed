// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrancheToken} from "../../../contracts/interfaces/ITrancheToken.sol";
import {IWaterfallDistributor} from "../../../contracts/interfaces/IWaterfallDistributor.sol";
import {ReportLife} from "./ReportLife.sol";
import {TestCash} from "./TestCash.sol";
import {VM} from "../Vm.sol";

/// @title How the cash gets out, and what else happens to it: claims, payees, strays; the clock; and the doors that are shut.
abstract contract CashActions is ReportLife {
    bytes32 private constant CLAIM_TYPEHASH = keccak256(
        "Claim(address holder,address payee,uint256 nonce,uint256 deadline)"
    );
    address private constant CLAIM_PAYEE = address(0xCA54);
    address private constant STRAY_OWNER = address(0x57A4);

    /// @dev One claim: what the view promises is what the receiver gets.
    struct Due {
        uint256 d;
        uint256 c;
        uint256 w;
        uint256 units;
        bool isFrozen;
    }

    /// @notice By the holder or by anyone: the holder is paid.
    function claim(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c) = _drawClass();
        Due memory due = _dueOf(d, c, _oneIn(4) ? _drawWallet() : _drawHolder(d, c));
        address receiver = wallets[due.w];
        bool isBlocked = due.units != 0 && deals[d].cash.isBlocked(receiver);
        uint256 before = deals[d].cash.balanceOf(receiver);
        VM.prank(_oneIn(2) ? receiver : STRANGER);
        try distributor.claim(address(books[d][c].token), receiver) {
            require(!due.isFrozen && !isBlocked, "claimed, but should not");
            _booked(due, deals[d].cash.balanceOf(receiver) - before);
            _count(Action.Claim, true);
        } catch {
            require(due.isFrozen || isBlocked, "claim refused");
            _count(Action.Claim, false);
        }
    }

    /// @notice Every class of a deal for one holder at once; what cannot be paid stays owed and stops no other.
    function claimBatch(uint256 seed) external throwing(seed) {
        _claimAll(_drawDeal(), _drawWallet());
        _count(Action.ClaimBatch, true);
    }

    function _claimAll(uint256 d, uint256 w) internal {
        uint256 classes = deals[d].classes;
        IWaterfallDistributor.HolderClaim[] memory claims = new IWaterfallDistributor.HolderClaim[](
            classes
        );
        Due[] memory dues = new Due[](classes);
        uint256 expected = 0;
        bool isBlocked = deals[d].cash.isBlocked(wallets[w]);
        for (uint256 c = 0; c < classes; c++) {
            claims[c] = IWaterfallDistributor.HolderClaim(address(books[d][c].token), wallets[w]);
            dues[c] = _dueOf(d, c, w);
            if (!dues[c].isFrozen && !isBlocked) expected += dues[c].units;
        }
        uint256 before = deals[d].cash.balanceOf(wallets[w]);
        distributor.claimBatch(claims);
        uint256 received = deals[d].cash.balanceOf(wallets[w]) - before;
        VM.assertEq(received, expected, "batch pays what is due");
        for (uint256 c = 0; c < classes; c++) {
            if (!dues[c].isFrozen && !isBlocked) _booked(dues[c], dues[c].units);
        }
    }

    /// @notice To a payee that the holder has signed.
    function claimTo(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c) = _drawClass();
        Due memory due = _dueOf(d, c, _drawHolder(d, c));
        uint256 signer = _oneIn(4) ? _drawWallet() : due.w;
        uint256 deadline = block.timestamp + 1 - _draw(3);
        bytes memory signature = _signClaim(books[d][c].token, due.w, signer, deadline);
        bool isSigned = due.units == 0 || signer == due.w;
        bool isRight = isSigned && !due.isFrozen && block.timestamp <= deadline;
        uint256 before = deals[d].cash.balanceOf(CLAIM_PAYEE);
        address token = address(books[d][c].token);
        try distributor.claimTo(token, wallets[due.w], CLAIM_PAYEE, deadline, signature) {
            require(isRight, "redirected, but should not");
            _booked(due, deals[d].cash.balanceOf(CLAIM_PAYEE) - before);
            _count(Action.ClaimTo, true);
        } catch {
            require(!isRight, "claimTo refused");
            _count(Action.ClaimTo, false);
        }
    }

    function withdrawPayee(uint256 seed) external throwing(seed) {
        uint256 d = _drawDeal();
        uint256 payee = _draw(deals[d].payees);
        // Mostly one for whom something is booked, if there is any; half of those have become able to receive.
        for (uint256 tries = 0; tries < 20 && _draw(30) != 0; tries++) {
            if (distributor.payeeOwed(uint64(d), uint8(payee)) != 0) {
                if (_oneIn(2)) deals[d].cash.setBlocked(payeeOf(d, payee), false);
                break;
            }
            d = _drawDeal();
            payee = _draw(deals[d].payees);
        }
        uint256 units = distributor.payeeOwed(uint64(d), uint8(payee)) * deals[d].scale;
        bool isRight = units != 0 && !deals[d].cash.isBlocked(payeeOf(d, payee));
        uint256 before = deals[d].cash.balanceOf(payeeOf(d, payee));
        try distributor.withdrawPayee(uint64(d), uint8(payee)) {
            require(isRight, "withdrawn, but should not");
            uint256 received = deals[d].cash.balanceOf(payeeOf(d, payee)) - before;
            VM.assertEq(received, units, "payee paid in full");
            _count(Action.WithdrawPayee, true);
        } catch {
            require(!isRight, "withdrawal refused");
            _count(Action.WithdrawPayee, false);
        }
    }

    /// @notice A payee, or one time in four a holder, is put on the cash token's blocklist, or taken off.
    function blockReceiver(uint256 seed) external throwing(seed) {
        uint256 d = _drawDeal();
        address receiver = payeeOf(d, _draw(deals[d].payees));
        if (_oneIn(5)) receiver = wallets[_drawWallet()];
        deals[d].cash.setBlocked(receiver, _draw(3) != 0);
        _count(Action.BlockReceiver, true);
    }

    /// @notice Cash that reaches the contract past its ledger.
    function stray(uint256 seed) external throwing(seed) {
        uint256 d = _drawDeal();
        uint256 units = _draw(1e9);
        deals[d].cash.mint(address(distributor), units);
        strayUnits[deals[d].cash] += units;
        _count(Action.Stray, true);
    }

    /// @notice [U4] What came past the ledger goes back by the issuer's word, and nothing else with it.
    function returnStray(uint256 seed) external throwing(seed) {
        TestCash cash = deals[_drawDeal()].cash;
        address agent = _oneIn(4) ? STRANGER : ISSUER;
        uint256 units = strayUnits[cash];
        bool isRight = agent == ISSUER;
        uint256 before = cash.balanceOf(STRAY_OWNER);
        VM.prank(agent);
        try distributor.returnStray(address(cash), STRAY_OWNER) {
            require(isRight, "strays returned by a stranger");
            VM.assertEq(cash.balanceOf(STRAY_OWNER) - before, units, "strays returned");
            strayUnits[cash] = 0;
            _count(Action.ReturnStray, true);
        } catch {
            require(!isRight || units == 0, "return refused");
            _count(Action.ReturnStray, false);
        }
    }

    /// @notice Time passes: some hours, up to the next record or payment time of any deal or the second before it, and now
    ///  and then a month.
    function advance(uint256 seed) external throwing(seed) {
        uint256 kind = _draw(8);
        uint256 time = block.timestamp + _draw(12 hours);
        if (kind > 3) {
            uint256 next = _nextMoment();
            if (next != type(uint256).max) time = next - (kind == 4 ? 1 : 0);
        } else if (kind == 3 && _oneIn(4)) time = block.timestamp + _draw(40 days);
        _warp(time);
        _count(Action.Advance, true);
    }

    function _nextMoment() private view returns (uint256 next) {
        next = type(uint256).max;
        for (uint256 d = 1; d <= DEALS; d++) {
            DealCase storage deal = deals[d];
            if (deal.window < deal.periods) {
                uint256 time = deal.recordTimes[deal.window];
                if (time < next) next = time;
            }
            if (deal.window == 0) continue;
            uint256 payment = deal.paymentTimes[deal.window - 1];
            if (payment > block.timestamp && payment < next) next = payment;
        }
    }

    /// @notice [R3] [U3] [K1] What nobody may do from outside, whoever he is.
    function tryBackDoor(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c, ITrancheToken token) = _drawToken();
        address agent =
            _oneIn(2)
                ? REGISTRAR
                : _oneIn(2)
                    ? ISSUER
                    : wallets[_drawWallet()];
        uint64[] memory balances = new uint64[](deals[d].classes);
        uint256 door = _draw(6);
        VM.prank(agent);
        bool isOpen = false;
        if (door == 0)
            try token.mint(agent, 1) {
                isOpen = true;
            } catch {}
        if (door == 1)
            try token.collect(wallets[c]) {
                isOpen = true;
            } catch {}
        if (door == 2)
            try reports.useReport(deals[d].pending) {
                isOpen = true;
            } catch {}
        if (door == 3) {
            try compliance.setBalances(uint64(d), deals[d].code, balances) {
                isOpen = true;
            } catch {}
        }
        if (door == 4)
            try distributor.openDeal(uint64(d), agent) {
                isOpen = true;
            } catch {}
        if (door == 5) {
            try compliance.onTransfer(wallets[0], agent, 1) {
                isOpen = true;
            } catch {}
        }
        require(!isOpen, "a back door is open");
        _count(Action.BackDoor, false);
    }

    /// @notice [C1] [C10] Frees and pays everybody: the last claimer is paid, and what is left is dust.
    function payEverybody() external throwing(0) {
        for (uint256 w = 0; w < WALLETS; w++) {
            for (uint256 d = 1; d <= DEALS; d++) {
                deals[d].cash.setBlocked(wallets[w], false);
                for (uint256 c = 0; c < deals[d].classes; c++) {
                    VM.prank(REGISTRAR);
                    books[d][c].token.setAddressFrozen(wallets[w], false);
                }
                _claimAll(d, w);
            }
        }
        for (uint256 d = 1; d <= DEALS; d++) {
            for (uint256 c = 0; c < deals[d].classes; c++) {
                uint256 left = books[d][c].funded - books[d][c].claimed;
                uint256 dust = 2 * WALLETS + 2 + ((2 * books[d][c].supply) >> 24);
                VM.assertLe(left, dust, "only dust is left");
            }
        }
    }

    function _dueOf(uint256 d, uint256 c, uint256 w) private view returns (Due memory due) {
        ITrancheToken token = books[d][c].token;
        (uint256 interest, uint256 principal) = token.entitlementOf(wallets[w]);
        return Due(d, c, w, interest + principal, token.isFrozen(wallets[w]));
    }

    function _booked(Due memory due, uint256 received) private {
        VM.assertEq(received, due.units, "paid what the view promised");
        books[due.d][due.c].claimed += received;
        if (received == 0) return;
        uint256[2] memory units = books[due.d][due.c].model.collect(due.w);
        VM.assertEq(received, units[0] + units[1], "paid what the model owes");
        _expectFall(due.d, due.c, due.w);
    }

    function _signClaim(
        ITrancheToken token,
        uint256 holder,
        uint256 signer,
        uint256 deadline
    ) private view returns (bytes memory) {
        uint256 nonce = token.nonces(wallets[holder]);
        bytes32 content = keccak256(
            abi.encode(CLAIM_TYPEHASH, wallets[holder], CLAIM_PAYEE, nonce, deadline)
        );
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(
            walletKey(signer),
            keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), content))
        );
        return abi.encodePacked(r, s, v);
    }
}
