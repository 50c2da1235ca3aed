// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {DealVenues} from "./DealVenues.sol";
import {ClassWord, IdentityWord} from "./RegistryWords.sol";

/// @title The rules of each class, and the one path on which transfers and views ask them.
abstract contract TransferRules is DealVenues {
    uint256 private constant UNITED_STATES = 840;
    uint256 private constant QUALIFIED_BUYER = 2;

    /// @dev What is found of a transfer: the selector of the error that refuses it (zero: none), the class, whose the
    ///  wallets are, and what the receiver would hold if the cap refuses it.
    struct Finding {
        bytes4 reason;
        ClassWord class;
        bytes32 fromId;
        bytes32 toId;
        uint256 principalAfter;
    }

    // ------------------------------------------------------------------ rules of a class

    /// @inheritdoc IComplianceRegistry
    function setRequirements(
        address token,
        uint8 topics,
        uint8 leastInvestorClass,
        bytes32 reason
    ) external restricted {
        if (topics > 0xf) revert TopicUnknown(topics);
        if (leastInvestorClass > MAX_INVESTOR_CLASS)
            revert CredentialValueInvalid(uint8(ACCREDITATION), leastInvestorClass);
        if (leastInvestorClass != 0) topics |= uint8(1 << (ACCREDITATION - 1));
        ClassWord class = _classOf(token);
        _layout().classes[token] = class.withRequirements(topics, leastInvestorClass);
        emit RequirementsSet(token, topics, leastInvestorClass);
        _acted(reason);
    }

    /// @inheritdoc IComplianceRegistry
    function setCountryListed(
        address token,
        uint16 country,
        bool listed,
        bytes32 reason
    ) external restricted {
        Layout storage $ = _layout();
        $.classes[token] = _classOf(token).withCountry(country, listed);
        uint256 bit = 1 << (country % 256);
        uint256 word = $.listedCountries[token][country / 256];
        $.listedCountries[token][country / 256] = listed ? word | bit : word & ~bit;
        emit CountryListed(token, country, listed);
        _acted(reason);
    }

    /// @inheritdoc IComplianceRegistry
    function setCountryListMeaning(
        address token,
        bool onlyListed,
        bytes32 reason
    ) external restricted {
        _layout().classes[token] = _classOf(token).withOnlyListed(onlyListed);
        emit CountryListMeaningSet(token, onlyListed);
        _acted(reason);
    }

    /// @inheritdoc IComplianceRegistry
    function setLockup(
        address token,
        bytes32 identityId,
        Lockup calldata lockup,
        bytes32 reason
    ) external restricted {
        Layout storage $ = _layout();
        ClassWord class = _classOf(token);
        if (identityId != 0) _knownIdentity(identityId);
        $.lockups[token][identityId] = lockup;
        // Shortening one leaves the end where it is: transfers ask for longer than they must, and find nothing.
        uint256 end =
            lockup.rule144Until > lockup.regSUntil ? lockup.rule144Until : lockup.regSUntil;
        if (end > class.lockupsEnd()) $.classes[token] = class.withLockupsEnd(end);
        emit LockupSet(token, identityId, lockup.rule144Until, lockup.regSUntil);
        _acted(reason);
    }

    /// @inheritdoc IComplianceRegistry
    function requirementsOf(
        address token
    ) external view returns (uint8 topics, uint8 leastInvestorClass) {
        ClassWord class = _classOf(token);
        return (uint8(class.requiredTopics()), uint8(class.leastInvestorClass()));
    }

    /// @inheritdoc IComplianceRegistry
    function isCountryAdmitted(address token, uint16 country) external view returns (bool) {
        return _admitsCountry(_classOf(token), token, country);
    }

    /// @inheritdoc IComplianceRegistry
    function lockupOf(address token, bytes32 identityId) external view returns (Lockup memory) {
        return _lockupOf(token, identityId);
    }

    // ------------------------------------------------------------------ the one path

    /// @dev A mint has no sender to check; a forced transfer skips the sender's rules, but leaves venues alone.
    function _assess(
        address token,
        address from,
        address to,
        uint256 amount
    ) internal view returns (Finding memory found) {
        Layout storage $ = _layout();
        bool forced = _isForced();
        ClassWord class = $.classes[token];
        found.class = class;
        if (class.isUnknown()) {
            found.reason = TokenUnknown.selector;
            return found;
        }
        bytes32 fromId;
        if (from != address(0)) {
            fromId = $.identityOf[from];
            found.fromId = fromId;
            found.reason = _senderRefusal($.identities[fromId], forced);
            if (found.reason != 0) return found;
        }
        bytes32 toId = $.identityOf[to];
        found.toId = toId;
        IdentityWord receiver = $.identities[toId];
        found.reason = _receiverRefusal(class, token, receiver);
        if (found.reason != 0 || fromId == toId) return found;

        if (!forced && from != address(0) && block.timestamp < class.lockupsEnd()) {
            if (_isLockedUp(token, fromId, receiver)) {
                found.reason = LockedUp.selector;
                return found;
            }
        }
        if (!receiver.isVenue())
            (found.reason, found.principalAfter) = _capRefusal(class, toId, amount);
    }

    /// @dev Zero, or the selector of the error. An expired sender may still sell.
    function _senderRefusal(IdentityWord sender, bool forced) internal pure returns (bytes4) {
        if (forced) return sender.isVenue() ? VenueSender.selector : bytes4(0);
        return _inactivity(sender);
    }

    /// @dev Zero, or the selector of the error: the receiver's rules but for lock-up and cap.
    function _receiverRefusal(
        ClassWord class,
        address token,
        IdentityWord receiver
    ) internal view returns (bytes4) {
        if (!receiver.isActive()) return _inactivity(receiver);
        if (receiver.isVenue()) return 0;
        if (_missingTopic(class, receiver) != 0) return CredentialMissing.selector;
        if (receiver.investorClass() < class.leastInvestorClass())
            return InvestorClassTooLow.selector;
        if (!_admitsCountry(class, token, receiver.country())) return CountryBlocked.selector;
        return 0;
    }

    /// @dev By the function that was called: as an argument it would have the compiler write the whole path twice.
    function _isForced() private pure returns (bool) {
        return msg.sig == IComplianceRegistry.onForcedTransfer.selector;
    }

    /// @dev Reverts with the error of a reason that `_assess` found.
    function _refuse(Finding memory found, address token, address from, address to) internal view {
        bytes4 reason = found.reason;
        IdentityWord receiver = _layout().identities[found.toId];
        if (reason == TokenUnknown.selector) _revertWith(reason, token, 0, 0, 1);
        if (reason == VenueSender.selector) _revertWith(reason, from, 0, 0, 1);
        if (reason == LockedUp.selector) _revertWith(reason, from, uint160(to), 0, 2);
        if (reason == CredentialMissing.selector)
            _revertWith(reason, to, _missingTopic(found.class, receiver), 0, 2);
        if (reason == InvestorClassTooLow.selector)
            _revertWith(reason, to, receiver.investorClass(), found.class.leastInvestorClass(), 3);
        if (reason == CountryBlocked.selector) _revertWith(reason, to, receiver.country(), 0, 2);
        if (reason == HolderCapExceeded.selector || reason == VenueUnreadable.selector)
            _refuseCap(reason, found.class, found.toId, found.principalAfter);
        // Unknown or frozen: whichever was checked first.
        bool isSender =
            from != address(0) &&
                !_isForced() &&
                _inactivity(_layout().identities[found.fromId]) != 0;
        _revertWith(reason, isSender ? from : to, 0, 0, 1);
    }

    /// @dev The errors that refuse a transfer all begin with an account and go on with numbers. Encoded here once: a revert
    ///  statement for each of them would take twice the code.
    function _revertWith(
        bytes4 reason,
        address account,
        uint256 second,
        uint256 third,
        uint256 words
    ) private pure {
        assembly ("memory-safe") {
            let place := mload(0x40)
            mstore(place, reason)
            mstore(add(place, 4), account)
            mstore(add(place, 36), second)
            mstore(add(place, 68), third)
            revert(place, add(4, shl(5, words)))
        }
    }

    function _classOf(address token) internal view returns (ClassWord class) {
        class = _layout().classes[token];
        if (class.isUnknown()) revert TokenUnknown(token);
    }

    function _inactivity(IdentityWord word) private pure returns (bytes4) {
        if (word.isActive()) return 0;
        return word.isKnown() ? IdentityFrozen.selector : IdentityUnknown.selector;
    }

    /// @dev The first required topic without a credential that counts; 0 if there is none.
    function _missingTopic(ClassWord class, IdentityWord word) private view returns (uint256) {
        uint256 topic = 1;
        unchecked {
            for (uint256 topics = class.requiredTopics(); topics != 0; topics >>= 1) {
                if (topics & 1 != 0 && !_isValid(word, topic)) return topic;
                ++topic;
            }
        }
        return 0;
    }

    function _admitsCountry(
        ClassWord class,
        address token,
        uint256 country
    ) private view returns (bool) {
        bool onlyListed = class.admitsOnlyListed();
        for (uint256 list = class.listedCountries(); list != 0; list >>= 16)
            if (uint16(list) == country) return onlyListed;
        if (!class.listsMore()) return !onlyListed;
        uint256 word = _layout().listedCountries[token][country / 256];
        bool listed = (word >> (country % 256)) & 1 != 0;
        return listed == onlyListed;
    }

    /// @dev Whether the sender's notes may not go to this receiver yet.
    function _isLockedUp(
        address token,
        bytes32 fromId,
        IdentityWord receiver
    ) private view returns (bool) {
        Lockup memory lockup = _lockupOf(token, fromId);
        bool rule144 = block.timestamp < lockup.rule144Until;
        bool regS = block.timestamp < lockup.regSUntil && !_isAbroad(receiver);
        if (!rule144 && !regS) return false;
        return receiver.investorClass() < QUALIFIED_BUYER || !_isValid(receiver, ACCREDITATION);
    }

    /// @dev Of whom no country is known any more, or none ever was, may live in the United States.
    function _isAbroad(IdentityWord receiver) private view returns (bool) {
        return receiver.country() != UNITED_STATES && _isValid(receiver, COUNTRY);
    }

    function _lockupOf(
        address token,
        bytes32 identityId
    ) private view returns (Lockup memory lockup) {
        lockup = _layout().lockups[token][identityId];
        Lockup memory general = _layout().lockups[token][0];
        if (general.rule144Until > lockup.rule144Until) lockup.rule144Until = general.rule144Until;
        if (general.regSUntil > lockup.regSUntil) lockup.regSUntil = general.regSUntil;
    }
}
