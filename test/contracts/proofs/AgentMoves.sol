// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrancheToken} from "../../../contracts/interfaces/ITrancheToken.sol";
import {HolderActions} from "./HolderActions.sol";
import {VM} from "../Vm.sol";

/// @title What the transfer agent does: forces, freezes, recovers, pauses. Sometimes a stranger tries it.
abstract contract AgentMoves is HolderActions {
    function force(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c, ITrancheToken token) = _drawToken();
        (uint256 from, uint256 to) = (_drawHolder(d, c), _drawWallet());
        uint256 amount = _drawMove(d, c, from, to);
        address agent = _drawAgent();
        bool isRight =
            agent == REGISTRAR &&
                amount <= token.balanceOf(wallets[from]) &&
                _mayReceive(token, from, to, amount) &&
                !compliance.identity(identityId(identityOf[from])).venue;
        VM.prank(agent);
        try token.forcedTransfer(wallets[from], wallets[to], amount) {
            require(isRight, "forced, but should not");
            books[d][c].model.move(from, to, amount);
            _count(Action.Force, true);
        } catch {
            require(!isRight, "force refused");
            _count(Action.Force, false);
        }
    }

    function freezeWallet(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c, ITrancheToken token) = _drawToken();
        uint256 w = _drawHolder(d, c);
        bool freeze = _oneIn(2);
        address agent = _drawAgent();
        VM.prank(agent);
        try token.setAddressFrozen(wallets[w], freeze) {
            require(agent == REGISTRAR, "frozen by a stranger");
            VM.assertEq(token.isFrozen(wallets[w]), freeze, "frozen");
            _count(Action.FreezeWallet, true);
        } catch {
            require(agent != REGISTRAR, "freeze refused");
            _count(Action.FreezeWallet, false);
        }
    }

    function freezeFace(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c, ITrancheToken token) = _drawToken();
        address wallet = wallets[_drawHolder(d, c)];
        uint256 held = token.balanceOf(wallet);
        uint256 frozen = token.getFrozenTokens(wallet);
        uint256 free = held > frozen ? held - frozen : 0;
        uint256 amount = _oneIn(3) ? 0 : _draw(held + held / 4 + 2);
        uint256 kind = _draw(3);
        bool isRight = kind == 0 || amount <= (kind == 1 ? free : frozen);
        bool isDone = false;
        VM.prank(REGISTRAR);
        if (kind == 0)
            try token.setFrozenTokens(wallet, amount) {
                isDone = true;
            } catch {}
        if (kind == 1)
            try token.freezePartialTokens(wallet, amount) {
                isDone = true;
            } catch {}
        if (kind == 2)
            try token.unfreezePartialTokens(wallet, amount) {
                isDone = true;
            } catch {}
        VM.assertEq(isDone, isRight, "part freeze");
        uint256 expected =
            kind == 0
                ? amount
                : kind == 1
                    ? frozen + amount
                    : frozen - amount * (isRight ? 1 : 0);
        if (isDone) VM.assertEq(token.getFrozenTokens(wallet), expected, "frozen face");
        _count(Action.FreezeFace, isDone);
    }

    function freezeIdentity(uint256 seed) external throwing(seed) {
        uint256 i = _draw(IDENTITIES);
        bool freeze = _oneIn(3);
        VM.prank(REGISTRAR);
        compliance.setIdentityFrozen(identityId(i), freeze, REASON);
        VM.assertEq(compliance.identity(identityId(i)).frozen, freeze, "identity frozen");
        _count(Action.FreezeIdentity, true);
    }

    function recover(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c, ITrancheToken token) = _drawToken();
        (uint256 lost, uint256 next) = (_drawHolder(d, c), _drawWallet());
        // Mostly two wallets of one identity.
        for (uint256 w = 0; w < WALLETS && _draw(8) != 0; w++) {
            if (w != lost && identityOf[w] == identityOf[lost]) next = w;
        }
        uint256 named = identityOf[_oneIn(8) ? _drawWallet() : lost];
        uint256 id = identityOf[lost];
        bool isRight = id != NOBODY && lost != next && identityOf[next] == id && named == id;
        isRight = isRight && !compliance.identity(identityId(id)).venue;
        address identity_ = address(uint160(uint256(identityId(named))));
        VM.prank(REGISTRAR);
        try token.recoveryAddress(wallets[lost], wallets[next], identity_) {
            require(isRight, "recovered, but should not");
            books[d][c].model.recover(lost, next, deals[d].window);
            _expectFall(d, c, lost);
            _count(Action.Recover, true);
        } catch {
            require(!isRight, "recovery refused");
            _count(Action.Recover, false);
        }
    }

    function pause(uint256 seed) external throwing(seed) {
        (, , ITrancheToken token) = _drawToken();
        bool isPaused = token.paused();
        // Mostly what is possible; a pause ends sooner than another begins.
        bool on = isPaused ? _oneIn(6) : _oneIn(2);
        bool isRight = isPaused != on;
        bool isDone = false;
        VM.prank(on ? GUARDIAN : REGISTRAR);
        if (on)
            try token.pause() {
                isDone = true;
            } catch {}
        else
            try token.unpause() {
                isDone = true;
            } catch {}
        VM.assertEq(isDone, isRight, "pause");
        _count(Action.Pause, isDone);
    }

    /// @dev The registrar, or one time in eight somebody without a role.
    function _drawAgent() internal returns (address) {
        return _oneIn(8) ? STRANGER : REGISTRAR;
    }

    /// @dev The receiver's rules alone, as for a mint; within an identity the cap is not asked.
    function _mayReceive(
        ITrancheToken token,
        uint256 from,
        uint256 to,
        uint256 amount
    ) private view returns (bool ok) {
        if (!token.canReceive(wallets[to])) return false;
        if (identityOf[from] == identityOf[to]) amount = 0;
        (ok, ) = compliance.canTransfer(address(token), address(0), wallets[to], amount);
    }
}
