// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What is known of an identity, from the low bits: expiry u40 of each of four topics | country u16 | investorClass
///  u8 | flags u8 (1 frozen, 2 known, 4 venue) | the issuer's epoch u8 of each topic (0: the registrar). A transfer
///  reads all of it with one load.
type IdentityWord is uint256;

/// @dev A class and its rules, from the low bits: dealId u64 | classIndex u8 | classCount u8 | flags u8 (1 = more listed
///  countries than stand here, 2 = listed countries alone are admitted, 4 = the deal has venues to look through) | required topics u4 | least investor class u4 |
///  lockupsEnd u40 | seven listed countries u16, no gaps. Zero for an unknown token.
type ClassWord is uint256;

using RegistryWords for IdentityWord global;
using RegistryWords for ClassWord global;

/// @title Reads and writes the fields of the registry's words.
/// @dev Topics count from 1, as in credentials.
library RegistryWords {
    uint256 private constant FROZEN = 1 << 184;
    uint256 private constant KNOWN = 1 << 185;
    uint256 private constant VENUE = 1 << 186;
    uint256 private constant COUNTRIES_SHIFT = 136;
    uint256 private constant COUNTRIES_BITS = 112;
    uint256 private constant MORE_COUNTRIES = 1 << 80;
    uint256 private constant ONLY_LISTED = 1 << 81;
    uint256 private constant LOOKS_THROUGH = 1 << 82;

    // ------------------------------------------------------------------ identity

    /// @notice First second in which the topic's credential is no longer valid; 0 if there is none.
    function expiry(IdentityWord word, uint256 topic) internal pure returns (uint256) {
        unchecked {
            return uint40(IdentityWord.unwrap(word) >> (40 * (topic - 1)));
        }
    }

    /// @notice The epoch under which the topic's credential was given; 0 if the registrar set it.
    function epoch(IdentityWord word, uint256 topic) internal pure returns (uint256) {
        unchecked {
            return uint8(IdentityWord.unwrap(word) >> (192 + 8 * (topic - 1)));
        }
    }

    function withCredential(
        IdentityWord word,
        uint256 topic,
        uint256 expiry_,
        uint256 epoch_
    ) internal pure returns (IdentityWord) {
        uint256 shift = 40 * (topic - 1);
        uint256 epochShift = 192 + 8 * (topic - 1);
        uint256 kept =
            IdentityWord.unwrap(word) &
                ~((uint256(type(uint40).max) << shift) | (uint256(0xff) << epochShift));
        return IdentityWord.wrap(kept | (expiry_ << shift) | (epoch_ << epochShift) | KNOWN);
    }

    /// @notice ISO 3166-1 numeric.
    function country(IdentityWord word) internal pure returns (uint256) {
        return uint16(IdentityWord.unwrap(word) >> 160);
    }

    function withCountry(IdentityWord word, uint256 country_) internal pure returns (IdentityWord) {
        uint256 kept = IdentityWord.unwrap(word) & ~(uint256(0xffff) << 160);
        return IdentityWord.wrap(kept | (country_ << 160));
    }

    function investorClass(IdentityWord word) internal pure returns (uint256) {
        return uint8(IdentityWord.unwrap(word) >> 176);
    }

    function withInvestorClass(
        IdentityWord word,
        uint256 class
    ) internal pure returns (IdentityWord) {
        uint256 kept = IdentityWord.unwrap(word) & ~(uint256(0xff) << 176);
        return IdentityWord.wrap(kept | (class << 176));
    }

    /// @notice Known and not frozen.
    function isActive(IdentityWord word) internal pure returns (bool) {
        return IdentityWord.unwrap(word) & (KNOWN | FROZEN) == KNOWN;
    }

    function isKnown(IdentityWord word) internal pure returns (bool) {
        return IdentityWord.unwrap(word) & KNOWN != 0;
    }

    function isFrozen(IdentityWord word) internal pure returns (bool) {
        return IdentityWord.unwrap(word) & FROZEN != 0;
    }

    function withFrozen(IdentityWord word, bool frozen) internal pure returns (IdentityWord) {
        return IdentityWord.wrap(_flagged(IdentityWord.unwrap(word), FROZEN, frozen));
    }

    function isVenue(IdentityWord word) internal pure returns (bool) {
        return IdentityWord.unwrap(word) & VENUE != 0;
    }

    function withVenue(IdentityWord word, bool venue) internal pure returns (IdentityWord) {
        return IdentityWord.wrap(_flagged(IdentityWord.unwrap(word), VENUE, venue));
    }

    // ------------------------------------------------------------------ class

    function newClass(
        uint256 dealId_,
        uint256 classIndex_,
        uint256 classCount_,
        uint256 topics
    ) internal pure returns (ClassWord) {
        return ClassWord.wrap(dealId_ | (classIndex_ << 64) | (classCount_ << 72) | (topics << 88));
    }

    function isUnknown(ClassWord word) internal pure returns (bool) {
        return ClassWord.unwrap(word) == 0;
    }

    function dealId(ClassWord word) internal pure returns (uint64) {
        return uint64(ClassWord.unwrap(word));
    }

    function classIndex(ClassWord word) internal pure returns (uint256) {
        return uint8(ClassWord.unwrap(word) >> 64);
    }

    function classCount(ClassWord word) internal pure returns (uint256) {
        return uint8(ClassWord.unwrap(word) >> 72);
    }

    /// @notice Bit t - 1 for topic t.
    function requiredTopics(ClassWord word) internal pure returns (uint256) {
        return (ClassWord.unwrap(word) >> 88) & 0xf;
    }

    function leastInvestorClass(ClassWord word) internal pure returns (uint256) {
        return (ClassWord.unwrap(word) >> 92) & 0xf;
    }

    function withRequirements(
        ClassWord word,
        uint256 topics,
        uint256 leastClass
    ) internal pure returns (ClassWord) {
        uint256 kept = ClassWord.unwrap(word) & ~(uint256(0xff) << 88);
        return ClassWord.wrap(kept | (topics << 88) | (leastClass << 92));
    }

    /// @notice No lock-up of the class runs from this second on.
    function lockupsEnd(ClassWord word) internal pure returns (uint256) {
        return uint40(ClassWord.unwrap(word) >> 96);
    }

    function withLockupsEnd(ClassWord word, uint256 end) internal pure returns (ClassWord) {
        uint256 kept = ClassWord.unwrap(word) & ~(uint256(type(uint40).max) << 96);
        return ClassWord.wrap(kept | (end << 96));
    }

    /// @notice The countries that stand in the word, the first lowest; zero after the last.
    function listedCountries(ClassWord word) internal pure returns (uint256) {
        return ClassWord.unwrap(word) >> COUNTRIES_SHIFT;
    }

    /// @notice Whether other countries than those in the word may be listed.
    function listsMore(ClassWord word) internal pure returns (bool) {
        return ClassWord.unwrap(word) & MORE_COUNTRIES != 0;
    }

    function admitsOnlyListed(ClassWord word) internal pure returns (bool) {
        return ClassWord.unwrap(word) & ONLY_LISTED != 0;
    }

    function withOnlyListed(ClassWord word, bool onlyListed) internal pure returns (ClassWord) {
        return ClassWord.wrap(_flagged(ClassWord.unwrap(word), ONLY_LISTED, onlyListed));
    }

    /// @notice Whether the deal has venues that the cap looks through.
    function looksThrough(ClassWord word) internal pure returns (bool) {
        return ClassWord.unwrap(word) & LOOKS_THROUGH != 0;
    }

    function withLookThrough(ClassWord word, bool on) internal pure returns (ClassWord) {
        return ClassWord.wrap(_flagged(ClassWord.unwrap(word), LOOKS_THROUGH, on));
    }

    /// @notice The word with a country on or off its list of seven, which spares transfers a load; what doesn't fit
    ///  stands in the token's bitmap alone, and from then on that is asked too.
    function withCountry(
        ClassWord word,
        uint256 country_,
        bool listed
    ) internal pure returns (ClassWord) {
        uint256 list;
        uint256 shift;
        for (uint256 rest = listedCountries(word); rest != 0; rest >>= 16) {
            if (uint16(rest) == country_) continue;
            list |= uint256(uint16(rest)) << shift;
            shift += 16;
        }
        uint256 kept = ClassWord.unwrap(word) & ((uint256(1) << COUNTRIES_SHIFT) - 1);
        if (listed && country_ != 0 && shift < COUNTRIES_BITS) list |= country_ << shift;
        else if (listed) kept |= MORE_COUNTRIES;
        return ClassWord.wrap(kept | (list << COUNTRIES_SHIFT));
    }

    function _flagged(uint256 word, uint256 flag, bool on) private pure returns (uint256) {
        return on ? word | flag : word & ~flag;
    }
}
