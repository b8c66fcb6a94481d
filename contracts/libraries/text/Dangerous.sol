// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The well-known functions that move or give away what an account owns, as docs/device-text.md lists them: no other name may have one of their selectors.
library Dangerous {
    /// @dev The first 16 bytes of each signature's hash. A bit for each first byte that one of them has tells most other functions at once.
    function known(uint256 hash) internal pure returns (bool found, bool lies) {
        unchecked {
            if ((FIRST_BYTES >> (hash >> 248)) & 1 == 0) return (false, false);
            uint256 start = hash >> 128;
            uint256 wanted = full(start >> 96);
            return (wanted == start, wanted != 0 && wanted != start);
        }
    }

    uint256 private constant FIRST_BYTES = 0x4000001200402014012040820808000000000100080050252c00800040200;

    /// @dev The first 16 bytes of the hash that the selector stands for; 0 for every other selector.
    function full(uint256 selector) private pure returns (uint256) {
        // transfer(address,uint256)
        if (selector == 0xa9059cbb) return 0xa9059cbb2ab09eb219583f4a59a5d062;
        // transferFrom(address,address,uint256)
        if (selector == 0x23b872dd) return 0x23b872dd7302113369cda29012434294;
        // approve(address,uint256)
        if (selector == 0x095ea7b3) return 0x095ea7b334ae44009aa867bfb386f5c3;
        // increaseAllowance(address,uint256)
        if (selector == 0x39509351) return 0x39509351d3325647dde3fdd3c8b249ad;
        // permit(address,address,uint256,uint256,uint8,bytes32,bytes32)
        if (selector == 0xd505accf) return 0xd505accfee7b46ac3ce97322c21f328b;
        // permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)
        if (selector == 0x8fcbaf0c) return 0x8fcbaf0c4bd00d696b151e364fe3eb82;
        // safeTransferFrom(address,address,uint256)
        if (selector == 0x42842e0e) return 0x42842e0eb38857a7775b4e7364b2775d;
        // safeTransferFrom(address,address,uint256,bytes)
        if (selector == 0xb88d4fde) return 0xb88d4fde60196325a28bb7f99a2582e0;
        // safeTransferFrom(address,address,uint256,uint256,bytes)
        if (selector == 0xf242432a) return 0xf242432a01954b0e0efb67e72c9b3b8e;
        // safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)
        if (selector == 0x2eb2c2d6) return 0x2eb2c2d667cf048e1ec82a4537b123e4;
        // setApprovalForAll(address,bool)
        if (selector == 0xa22cb465) return 0xa22cb4651ab9570f89bb516380c40ce7;
        // send(address,uint256,bytes)
        if (selector == 0x9bd9bbc6) return 0x9bd9bbc68c9d2d57236e56ab2cc196bd;
        // authorizeOperator(address)
        if (selector == 0x959b8c3f) return 0x959b8c3fa5f1ac78a7061180563d6709;
        // transferAndCall(address,uint256)
        if (selector == 0x1296ee62) return 0x1296ee6229cbd38b2b6a4120f066d2a0;
        // transferAndCall(address,uint256,bytes)
        if (selector == 0x4000aea0) return 0x4000aea038e4acde4ff65b413088ec65;
        // approveAndCall(address,uint256)
        if (selector == 0x3177029f) return 0x3177029fdd2b36d90f4971843fd2ce05;
        // approveAndCall(address,uint256,bytes)
        if (selector == 0xcae9ca51) return 0xcae9ca5133009d821214ac8231b3d170;
        // transferFromAndCall(address,address,uint256)
        if (selector == 0xd8fbe994) return 0xd8fbe9943963369a6ec55b024b56e856;
        // transferFromAndCall(address,address,uint256,bytes)
        if (selector == 0xc1d34b89) return 0xc1d34b893a35286aae2bf0e96b3c6bf8;
        // approve(address,address,uint160,uint48)
        if (selector == 0x87517c45) return 0x87517c45cbdab9849fa9eca09bd70ab7;
        // transferFrom(address,address,uint160,address)
        if (selector == 0x36c78516) return 0x36c7851638b88ae7ab64ce96b1bca379;
        // delegate(address)
        if (selector == 0x5c19a95c) return 0x5c19a95c96fe5699f69181241d04ecef;
        // transferOwnership(address)
        if (selector == 0xf2fde38b) return 0xf2fde38b092330466c661fc723d5289b;
        // grantRole(bytes32,address)
        if (selector == 0x2f2ff15d) return 0x2f2ff15deca029b64bbc0874ae59c8f3;
        // upgradeTo(address)
        if (selector == 0x3659cfe6) return 0x3659cfe672549963da205df855ebfb86;
        // upgradeToAndCall(address,bytes)
        if (selector == 0x4f1ef286) return 0x4f1ef2866b98625bdfefae89411f7a82;
        // changeAdmin(address)
        if (selector == 0x8f283970) return 0x8f283970d77a4ed91db7de292ab9ce3b;
        // execute(address,uint256,bytes)
        if (selector == 0xb61d27f6) return 0xb61d27f68746b0955d4867ce6e77d35c;
        // executeBatch((address,uint256,bytes)[])
        if (selector == 0x34fcd5be) return 0x34fcd5beba3df62dd76f7b1031d3410e;
        // multicall(bytes[])
        if (selector == 0xac9650d8) return 0xac9650d882acfa253cba1ed543b9ff47;
        return 0;
    }
}
