// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "../Bits.sol";

/// @title The words of the device text, as docs/device-text.md lists them: no symbol is one, and no name of a parameter that is one is shown.
library Keywords {
    /// As long as a name is shown.
    uint256 private constant MOST = 14;
    // The words of each length, side by side.
    uint256 private constant OF_TWO = uint176(bytes22("asatbyifinisnoofonopor"));
    uint256 private constant OF_THREE_1 = uint240(bytes30("allandanyargdaydecendethgapkey"));
    uint256 private constant OF_THREE_2 = uint240(bytes30("maxmonnotnowpersumtagtueutcwei"));
    uint256 private constant OF_THREE_3 = uint120(bytes15("wedthufrisatsun"));
    uint256 private constant OF_FOUR_1 = uint256(bytes32("basecalldaysdenydoeseachfeesfrom"));
    uint256 private constant OF_FOUR_2 = uint256(bytes32("gweihouritemkeysonlyrootrulesend"));
    uint256 private constant OF_FOUR_3 = uint160(bytes20("lastsoldtrueweekwith"));
    uint256 private constant OF_FIVE_1 = uint240(bytes30("agentallowassetbytescallschain"));
    uint256 private constant OF_FIVE_2 = uint240(bytes30("counteveryfalsegranthourslines"));
    uint256 private constant OF_FIVE_3 = uint240(bytes30("rulesstarttokentotalunitsuntil"));
    uint256 private constant OF_SIX_1 = uint240(bytes30("beforeentitylengthminutemodule"));
    uint256 private constant OF_SIX_2 = uint240(bytes30("numberpackedrevokesecondshared"));
    uint256 private constant OF_SIX_3 = uint96(bytes12("budgetstarts"));
    uint256 private constant OF_SEVEN_1 = uint224(bytes28("accountcommandminutesrolling"));
    uint256 private constant OF_SEVEN_2 = uint56(bytes7("seconds"));
    uint256 private constant OF_EIGHT = uint128(bytes16("commandsselector"));
    uint256 private constant OF_NINE = uint216(bytes27("sponsoreduncheckedunlimited"));
    uint256 private constant SMALL = 0x2020202020202020202020202020;

    /// @notice Whether the `size` letters and digits that begin a word, followed by zeros, are a word of the text whatever their case, or like `item2`.
    function has(uint256 text, uint256 size) internal pure returns (bool) {
        unchecked {
            if (size < 2 || size > MOST) return false;
            // Digits have the bit that makes a letter small.
            uint256 word = (text >> (256 - 8 * size)) | (SMALL >> (8 * (MOST - size)));
            if (size > 4 && word >> (8 * (size - 4)) == uint32(bytes4("item"))) return digits(word, size - 4);
            if (size == 2) return among(word, 16, OF_TWO);
            if (size == 3)
                return among(word, 24, OF_THREE_1) || among(word, 24, OF_THREE_2) || among(word, 24, OF_THREE_3);
            if (size == 4)
                return among(word, 32, OF_FOUR_1) || among(word, 32, OF_FOUR_2) || among(word, 32, OF_FOUR_3);
            if (size == 5)
                return among(word, 40, OF_FIVE_1) || among(word, 40, OF_FIVE_2) || among(word, 40, OF_FIVE_3);
            if (size == 6) return among(word, 48, OF_SIX_1) || among(word, 48, OF_SIX_2) || among(word, 48, OF_SIX_3);
            if (size == 7) return among(word, 56, OF_SEVEN_1) || among(word, 56, OF_SEVEN_2);
            if (size == 8) return among(word, 64, OF_EIGHT);
            if (size == 9) return among(word, 72, OF_NINE);
            return false;
        }
    }

    /// @dev Whether one of the words of `bits` bits each, side by side in the low part of `words`, is the word; what stands above them is zero, which no word is.
    function among(uint256 word, uint256 bits, uint256 words) private pure returns (bool) {
        unchecked {
            // A bit at the lowest of each.
            uint256 ones = Bits.quotient((1 << (bits * Bits.quotient(256, bits))) - 1, (1 << bits) - 1);
            uint256 differing = words ^ (ones * word);
            // A word that is zero, and only then some, loses its highest bit to a borrow.
            return (differing - ones) & ~differing & (ones << (bits - 1)) != 0;
        }
    }

    /// @dev Whether the last `count` bytes are digits.
    function digits(uint256 word, uint256 count) private pure returns (bool) {
        unchecked {
            for (; count != 0; --count) {
                if (uint256(uint8(word)) - 0x30 > 9) return false;
                word >>= 8;
            }
            return true;
        }
    }
}
