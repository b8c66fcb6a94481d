// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Glyphs} from "./Glyphs.sol";
import {Memory} from "../Memory.sol";
import {NumberText} from "./NumberText.sol";

/// @title Texts as they are signed and handed out.
library Message {
    uint256 private constant PREFIX = 26;

    /// @notice The hash that `personal_sign` signs (EIP-191, version 0x45) of the text of `size` characters at `text`. The 32 bytes before it are overwritten.
    function hash(uint256 text, uint256 size) internal pure returns (uint256) {
        unchecked {
            uint256 digits = NumberText.digits(size);
            uint256 length = Glyphs.lengthOf(digits);
            uint256 start = text - length - PREFIX;
            uint256 kept = Memory.word(text);
            Memory.put(start, uint256(bytes32("\x19Ethereum Signed Message:\n")));
            Memory.put(start + PREFIX, digits);
            Memory.put(text, kept);
            return Memory.hash(start, PREFIX + length + size);
        }
    }

    /// @notice The text of `size` characters at `text`, which stands at the end of memory, as a string. The 32 bytes before it are overwritten.
    function toString(uint256 text, uint256 size) internal pure returns (string memory result) {
        unchecked {
            Memory.put(text - 32, size);
            Memory.takeUntil((text + size + 63) & ~uint256(31));
        }
        // The position of the length is what a string is to Solidity.
        assembly ("memory-safe") {
            result := sub(text, 32)
        }
    }
}
